"""Where a URL that somebody submits may not lead, however it is written."""

import ipaddress
from contextlib import nullcontext

import pytest

from orchestrator.addresses import Allowed, is_public
from orchestrator.errors import UnsafeAddress

INSIDE = (
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200",
    "168.63.129.16", "192.0.0.192", "0.0.0.0", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "198.18.0.1",
    "192.0.2.1", "192.88.99.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "100::1",
)  # fmt: skip
OUTSIDE = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_that_are_none_of_the_internet(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    assert not Allowed.of("", "80,443").takes(ipaddress.ip_address(address), 443)


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_addresses_at_ports_of_the_web(address: str) -> None:
    allowed = Allowed.of("", "80,443")
    assert allowed.takes(ipaddress.ip_address(address), 443)
    assert not allowed.takes(ipaddress.ip_address(address), 6379)


def test_what_is_allowed_besides() -> None:
    allowed = Allowed.of("files.intranet, *.corp.example, 10.1.0.0/16, fd00::/8", "443")
    assert allowed.takes(ipaddress.ip_address("10.1.2.3"), 8080)
    assert allowed.takes(ipaddress.ip_address("::ffff:10.1.2.3"), 8080), "another spelling of it"
    assert not allowed.takes(ipaddress.ip_address("10.2.0.1"), 443)
    assert allowed.names("Files.Intranet.") and allowed.names("a.corp.example")
    assert not any(map(allowed.names, ("corp.example", "evilcorp.example", "files.intranet.evil.example")))


def test_a_port_that_no_name_may_be_visited_at_is_refused_at_once() -> None:
    for entries, is_refused in (("", True), ("files.intranet", False), ("10.1.0.0/16", False)):
        allowed = Allowed.of(entries, "443")
        allowed.check_unresolved("files.intranet", 443)
        with pytest.raises(UnsafeAddress) if is_refused else nullcontext():
            allowed.check_unresolved("files.intranet", 8443)


@pytest.mark.parametrize(("entries", "ports"), [("10.1.0.5/16", "443"), ("a:80", "443"), ("", "0"), ("", "http")])
def test_settings_that_cannot_be_are_refused(entries: str, ports: str) -> None:
    with pytest.raises(ValueError, match="write"):
        Allowed.of(entries, ports)
