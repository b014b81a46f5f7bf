"""A server that speaks TLS: a relay in front of one that does not."""

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.server import Server

HERE = "127.0.0.1"


@contextmanager
def behind_tls(server: Server, folder: Path) -> Generator[str]:
    """The URL of a relay to the server, for as long as the block lasts; its certificate is its own authority."""
    certificate = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server((HERE, 0)) as listening:
        threading.Thread(target=_accept, args=(listening, context, str(server.socket)), daemon=True).start()
        yield f"rediss://{HERE}:{listening.getsockname()[1]}/0?ssl_ca_certs={certificate}"
        listening.shutdown(socket.SHUT_RDWR)  # wakes who accepts


def _accept(listening: socket.socket, context: ssl.SSLContext, target: str) -> None:
    with suppress(OSError):
        while True:
            client = context.wrap_socket(listening.accept()[0], server_side=True)
            plain = socket.socket(socket.AF_UNIX)
            plain.connect(target)
            for source, sink in ((client, plain), (plain, client)):
                threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Each socket is closed by the pump that reads from it; the other one is told that there is no more."""
    with source, suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


def _certificate(folder: Path) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "docmill test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HERE))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "tls.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
