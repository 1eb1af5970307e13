"""Only addresses of the public internet are asked; every other is somebody's house."""

import pytest

from foundation.addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "223.255.255.254",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "2400:4050::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_servers_of_the_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        # IPv4: itself, houses, carriers, links, tests, many, none
        "127.0.0.1",
        "127.255.255.255",
        "0.0.0.0",  # noqa: S104 - refused
        "0.1.2.3",
        "10.0.0.1",
        "172.16.5.4",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "233.252.0.1",
        "240.0.0.1",
        "255.255.255.255",
        # IPv6: itself, houses (now and as once meant), links, many, nobody's yet
        "::",
        "::1",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "feff::1",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1111%eth0",
        "ff02::1",
        "ff0e::1",
        "100::1",
        "5f00::1",
        "4000::1",
        "2001:db8::1",
        "3fff::1",
        # IPv4 within IPv6
        "::7f00:1",
        "::808:808",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:7f00:1",
        "::ffff:0:808:808",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::a00:1",
        "64:ff9b:1::808:808",
        "64:ff9b:1:a00:1::",
        "2001::1",
        "2001:0:808:808::1",
        "2001:10::1",
        "2001:20::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2002:808:808::1",
        # No address at all
        "",
        "nonsense",
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::1]",
        "8.8.8.8/32",
    ],
)
def test_what_is_of_a_house_of_many_or_of_nobody_is_not(address):
    assert not is_public(address)
