"""Text from which what could name a person has been taken out, for logs."""

import ipaddress
import re
from collections.abc import Callable

_PASSWORD_IN_URL = re.compile(r"(?<=://)[^/@\s]*@")
_QUERY = re.compile(r"(?<=[\w/-])\?[^\s\"'<>)]*=[^\s\"'<>)]*")
_EMAIL = re.compile(r"[^\s@<>()\[\]\",:;「」、。]+@[\w.-]+")
# Not within longer runs of letters and digits: keys, hashes and times are no numbers
# of people.
_ALONE, _ENDS = r"(?<![0-9A-Za-z.+_-])", r"(?![0-9A-Za-z_-])"
_DIGITS = "0-9０-９"
_TWELVE_DIGITS = re.compile(rf"{_ALONE}(?:[{_DIGITS}][ －-]?){{11}}[{_DIGITS}]{_ENDS}")
_PHONE = re.compile(
    rf"{_ALONE}(?:\+81[ -]?|[(（]?[0０])[{_DIGITS}]{{1,4}}"
    rf"[ 　)）(（－-]?[{_DIGITS}]{{1,4}}[ 　)）－-]?[{_DIGITS}]{{3,4}}{_ENDS}"
)
_IPV4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.]*\w)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]*:[0-9A-Fa-f:]+(?![\w:])")
# PostgreSQL quotes the rejected row here, with every value in it.
_DATABASE_DETAIL = re.compile(
    r"DETAIL: .*?(?=\n(?:HINT|CONTEXT|Traceback|During|The above|\s*\n)|\Z)", re.DOTALL
)


def masked(text: str) -> str:
    """Return `text` without addresses, numbers, queries and values of rows."""
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


def _network(match: re.Match[str]) -> str:
    """Return the network in place of an address: enough to see an attack's origin."""
    try:
        address = ipaddress.ip_address(match.group())
    except ValueError:
        return match.group()
    if address.is_loopback or address.is_unspecified:
        return match.group()
    prefix = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


_MASKS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (_DATABASE_DETAIL, "DETAIL: [row]"),
    (_PASSWORD_IN_URL, "[password]@"),
    (_QUERY, "?[query]"),
    (_EMAIL, "[mail]"),
    (_TWELVE_DIGITS, "[number]"),
    (_PHONE, "[phone]"),
    (_IPV4, _network),
    (_IPV6, _network),
)
