"""One command on a GPU server: what it starts is pinned, watched, given real settings, and ends as docmill wants to."""

import json
import re
from typing import Any

import compose_spec
import pytest
import yaml

from orchestrator.settings import Settings
from tests.deploy.composed import ROOT, TEXT, VARIABLE, WATCHED, composed, example, seconds
from worker.supervision.groups import parse_groups

WHOLE = composed(example())
SERVICES: dict[str, Any] = WHOLE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("docmill")]
LASTING = [name for name, service in SERVICES.items() if service["restart"] != "no"]
watched = pytest.mark.skipif(not WATCHED, reason="grafana/prometheus is not in this tree")


def settings_of(service: str) -> Settings:
    """What docmill makes of a service's environment."""
    told = SERVICES[service]["environment"]
    named = {
        name.removeprefix("DOCMILL_").lower(): value for name, value in told.items() if name.startswith("DOCMILL_")
    }
    return Settings(**named)


def test_it_is_what_compose_takes() -> None:
    """By the Compose specification, with nothing but what `.env.example` says."""
    found = compose_spec.PyCompose.from_json(json.dumps(WHOLE))
    assert set(found.service_names()) == set(SERVICES)


def test_the_example_names_exactly_what_can_be_set() -> None:
    """Nothing is said there that nobody reads; passwords have no default."""
    assert set(example()) == {found[1] for found in VARIABLE.finditer(TEXT)}
    for secret in ("REDIS_PASSWORD", "GRAFANA_PASSWORD"):
        with pytest.raises(KeyError):
            composed({name: value for name, value in example().items() if name != secret})


@pytest.mark.parametrize("service", SERVICES)
def test_every_image_is_pinned_or_built_here(service: str) -> None:
    """To a version with all its numbers."""
    image = SERVICES[service]["image"]
    if service in OURS:
        assert any(SERVICES[one].get("build") for one in OURS if SERVICES[one]["image"] == image)
        return
    name, _, tag = image.rpartition(":")
    assert name and re.search(r"\d+\.\d+\.\d+", tag), image


@pytest.mark.parametrize("service", LASTING)
def test_every_service_is_watched_and_started_again(service: str) -> None:
    """By a check of its own, with a bound in time."""
    check = SERVICES[service]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"} and seconds(check["timeout"]) < seconds(check["interval"]) + 1
    assert SERVICES[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", OURS)
def test_what_docmill_is_told_are_its_settings(service: str) -> None:
    """Each variable is one, and its value is taken."""
    names = {name.removeprefix("DOCMILL_").lower() for name in SERVICES[service]["environment"] if "DOCMILL_" in name}
    unknown = names - set(Settings.model_fields)
    assert unknown <= (set() if WATCHED else {"metrics_port", "metrics_host"})
    told = settings_of(service)
    assert told.redis_url and told.llm_url and parse_groups(told.slots)


def test_every_lane_of_the_built_in_pipelines_has_a_slot() -> None:
    """Between them the workers serve gpu, cpu, llm and hooks."""
    groups = [group for name in OURS if "worker" in name for group in parse_groups(settings_of(name).slots)]
    assert {lane for group in groups for lane in group.lanes} == {"gpu", "cpu", "llm", "hooks"}


def test_services_have_time_to_end() -> None:
    """A worker that drains is not killed: what it runs would run twice."""
    for name in (name for name in OURS if "worker" in name):
        assert seconds(SERVICES[name]["stop_grace_period"]) > settings_of(name).drain_timeout + 10


def test_redis_keeps_what_it_accepted() -> None:
    """An append-only file, and no eviction; and it is one that docmill takes."""
    command = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in command and "--maxmemory-policy noeviction" in command
    assert "redis:/data" in SERVICES["redis"]["volumes"]
    version = re.search(r":(\d+)\.(\d+)", SERVICES["redis"]["image"])
    assert version and (int(version[1]), int(version[2])) >= (7, 0)


def test_the_gpus_are_reserved() -> None:
    """For who computes, and for who counts."""
    with_cards = {name for name, service in SERVICES.items() if "deploy" in service}
    assert with_cards == {"gpu-worker", "vllm", "dcgm-exporter"}
    for name in with_cards:
        (device,) = SERVICES[name]["deploy"]["resources"]["reservations"]["devices"]
        assert device["driver"] == "nvidia" and device["capabilities"] == ["gpu"]


def test_nothing_listens_outside_unless_it_is_said() -> None:
    """Redis and vLLM have no port of the host at all."""
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(ports) == {"api", "prometheus", "grafana"}
    assert all(port.startswith("127.0.0.1:") for several in ports.values() for port in several)


def test_volumes_are_named_and_files_are_there() -> None:
    """What is mounted from the checkout exists."""
    for service in SERVICES.values():
        for source, *_ in (volume.split(":") for volume in service.get("volumes", [])):
            assert source in WHOLE["volumes"] or not WATCHED or (ROOT / source).exists(), source


@watched
def test_prometheus_scrapes_what_runs() -> None:
    """Each target is a service, at the port where it answers."""
    told = yaml.safe_load((ROOT / "grafana" / "prometheus" / "prometheus.yml").read_text())
    targets = [t for job in told["scrape_configs"] for one in job["static_configs"] for t in one["targets"]]
    places = dict(target.split(":") for target in targets)
    assert set(places) <= set(SERVICES) and {"api", "gpu-worker", "cpu-worker", "redis-exporter"} <= set(places)
    for name in ("gpu-worker", "cpu-worker"):
        assert places[name] == SERVICES[name]["environment"]["DOCMILL_METRICS_PORT"]
    assert places["api"] == SERVICES["api"]["ports"][0].rpartition(":")[2]
    (keyed,) = [job for job in told["scrape_configs"] if job["job_name"] == "docmill-api"]
    assert keyed["authorization"]["credentials_file"] == "docmill-key", "deploy/prepare writes it"
