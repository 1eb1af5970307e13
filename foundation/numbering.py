"""Numbers of what was handed in, which may be said aloud, and codes, which may not.

到達番号 and 問合せ番号 of a filing, 受付番号 of a question that was handed over.
"""

import hashlib
import hmac
import re
from uuid import UUID

from stdnum.iso7064 import mod_11_10

from foundation.japanese import TextError
from foundation.japanese.characters import folded

# Digits and letters that no one confuses: without 0, 1, I and O, 32 of them.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # pragma: allowlist secret
CODE_LENGTH = 16  # 80 bits
NUMBER = re.compile(r"(\d{6})-(\d{2})-(\d{7,})-(\d)")


def arrival_number(organization_code: int, fiscal_year: int, sequence: int) -> str:
    """Return 到達番号 such as `390003-26-0001234-5`.

    The last digit checks the others (ISO 7064 MOD 11,10): every single wrong digit and
    nearly every swap of neighbours is noticed at once.
    """
    digits = f"{organization_code:06}{fiscal_year % 100:02}{sequence:07}"
    check = mod_11_10.calc_check_digit(digits)
    return f"{digits[:6]}-{digits[6:8]}-{digits[8:]}-{check}"


def is_arrival_number(text: str) -> bool:
    """Tell whether `text` has the form of a number and its check digit is right."""
    match = NUMBER.fullmatch(text)
    return match is not None and bool(mod_11_10.is_valid("".join(match.groups())))


def typed_number(text: str) -> str:
    """Return the number with its hyphens, however it was typed; empty if wrong."""
    digits = _only(r"[0-9]", text)
    number = f"{digits[:6]}-{digits[6:8]}-{digits[8:-1]}-{digits[-1:]}"
    return number if is_arrival_number(number) else ""


def inquiry_code(identifier: UUID, key: str) -> str:
    """Return 問合せ番号: HMAC-SHA256 of the id, so that it need be stored nowhere.

    Returns:
        16 characters of `ALPHABET`, 80 bits.
    """
    digest = hmac.digest(key.encode(), identifier.bytes, hashlib.sha256)
    bits = int.from_bytes(digest)
    return "".join(ALPHABET[bits >> 5 * i & 31] for i in range(CODE_LENGTH))


def in_groups(code: str) -> str:
    """Return the code as people read it: `ABCD-EFGH-JKLM-NPQR`."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def typed_code(text: str) -> str:
    """Return the code as it is made, in capitals; empty if it cannot be one."""
    code = _only(r"[0-9A-Z]", text)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""


def _only(kept: str, text: str) -> str:
    try:
        return "".join(re.findall(kept, folded(text).upper()))
    except TextError:
        return ""
