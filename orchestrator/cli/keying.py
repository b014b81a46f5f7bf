"""`docmill keys`: who may ask the REST API, and for what."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestrator.cli.options import Json

if TYPE_CHECKING:
    from orchestrator.access import Kept

app = typer.Typer(help="API keys: who may ask the REST API, and for what.", no_args_is_help=True)

Tenant = Annotated[str, typer.Option("--tenant", help="Whose documents it submits and sees.")]
Scopes = Annotated[str, typer.Option("--scopes", help="Comma separated: submit, read, watch, operate, admin.")]
Rate = Annotated[str | None, typer.Option("--rate", help="Most requests: 10/s, 600/min, 5000/h.", metavar="N/s")]
Most = Annotated[int, typer.Option("--most-priority", help="The highest priority that it may ask for.")]
Roots = Annotated[
    str | None,
    typer.Option("--roots", help="Folders whose files it may submit by path, comma separated.", metavar="PATHS"),
]
Label = Annotated[str, typer.Option("--label", help="For people: whose it is.")]
Key = Annotated[str, typer.Argument(help="The key's id, or the key.", metavar="KEY")]


FIRST = "It is the first: from now on everybody needs one, on this machine too; Prometheus one with the scope watch."


@app.command()
def create(
    tenant: Tenant,
    scopes: Scopes,
    rate: Rate = None,
    most_priority: Most = 9,
    roots: Roots = None,
    label: Label = "",
    json: Json = False,
) -> None:
    """Make a key, and show it this once: only a digest of it is kept."""
    from orchestrator.cli.output import notes, results, show_json

    asked, folders = _parts(scopes), None if roots is None else _parts(roots)
    text, kept, is_first = asyncio.run(
        _create(tenant, asked, rate=rate, most_priority=most_priority, roots=folders, label=label)
    )
    if json:
        return show_json(_as_json(kept) | {"key": text})
    notes().print(f"key {kept.id} of {tenant}; it is shown this once, keep it well:")
    results().print(text, markup=False)
    if is_first:
        notes().print(FIRST)
    return None


@app.command("list")
def list_keys(json: Json = False) -> None:
    """List all keys, the oldest first; none of them is shown itself."""
    from orchestrator.cli.key_tables import keys
    from orchestrator.cli.output import results, show_json

    found = asyncio.run(_list())
    if json:
        return show_json([_as_json(kept) for kept in found])
    return results().print(keys(found) if found else "there is no key: docmill keys create")


@app.command()
def revoke(key: Key, json: Json = False) -> None:
    """Let a key open nothing any more; it takes three seconds at most until every API process knows."""
    from orchestrator.access.keys import id_in
    from orchestrator.cli.output import results, show_json

    asyncio.run(_revoke(key))
    name = id_in(key) or key
    if json:
        show_json({"id": name, "state": "revoked"})
    else:
        results().print(f"key {name}: revoked", markup=False)


def _parts(text: str) -> Sequence[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _as_json(kept: "Kept") -> "dict[str, Any]":
    """All that may be told of it, which its digest is not."""
    from orchestrator.views import iso

    rate = f"{kept.rate.count}/{kept.rate.seconds}s" if kept.rate else None
    told = {"id": kept.id, "tenant": kept.tenant, "scopes": list(kept.scopes), "rate": rate}
    roots = None if kept.roots is None else list(kept.roots)
    more = {"most_priority": kept.most_priority, "roots": roots, "label": kept.label}
    return told | more | {"created_at": iso(str(kept.created))}


async def _create(tenant: str, scopes: Sequence[str], **more: Any) -> "tuple[str, Kept, bool]":
    from orchestrator.access.keeping import Keyring
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        keyring = Keyring(mill.transport)
        text, kept = await keyring.create(tenant, scopes, **more)
        return text, kept, len(await keyring.all()) == 1


async def _list() -> "Sequence[Kept]":
    from orchestrator.access.keeping import Keyring
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        return await Keyring(mill.transport).all()


async def _revoke(key: str) -> None:
    from orchestrator.access.keeping import Keyring
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        await Keyring(mill.transport).revoke(key)
