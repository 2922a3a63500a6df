"""Numbers that prove themselves: bank cards, IBANs, Chinese identity numbers."""

from __future__ import annotations

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def luhn(digits: str) -> bool:
    """Whether a card's number adds up; one digit repeated is no card."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(digits)) > 1


def iban(text: str) -> bool:
    """Whether an IBAN without spaces adds up (ISO 7064, mod 97)."""
    turned = (text[4:] + text[:4]).upper()
    return 15 <= len(text) <= 34 and int("".join(str(int(each, 36)) for each in turned)) % 97 == 1


def chinese_id(text: str) -> bool:
    """Whether an identity number of 18 characters adds up (GB 11643) and holds a date."""
    month, day = int(text[10:12]), int(text[12:14])
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return 1 <= month <= 12 and 1 <= day <= 31 and "10X98765432"[total % 11] == text[17].upper()
