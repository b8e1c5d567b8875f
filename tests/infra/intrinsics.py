"""CloudFormation's functions, as far as a test must look through them."""

from typing import Any


def names(value: Any) -> str:
    """The logical id that a Ref or GetAtt names."""
    match value:
        case {"Ref": str(id)} | {"Fn::GetAtt": [str(id), _]}:
            return id
    raise AssertionError(f"refers to no resource: {value}")


def resolved(value: Any) -> str:
    """A text with logical ids where the resources' names will be."""
    match value:
        case {"Fn::Join": [str(separator), list(parts)]}:
            return separator.join(resolved(part) for part in parts)
        case str(text):
            return text
        case _:
            return names(value)
