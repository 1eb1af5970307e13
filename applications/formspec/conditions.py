"""When a question is asked: a small subset of JSONLogic, as data.

A condition is compiled once into a closure over the answers given so far, and can
also be said as JSON Schema, so that the contract of the answers knows it too. An
answer that is missing is unequal to everything, contained in nothing and neither
greater nor less than anything.

Source: JSONLogic operations, https://jsonlogic.com/operations.html, 2026-11
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Condition = Mapping[str, Any]
Constant = str | int | bool
Answers = Mapping[str, Any]
Predicate = Callable[[Answers], bool]

_VAR = {
    "type": "object",
    "properties": {"var": {"type": "string"}},
    "required": ["var"],
    "additionalProperties": False,
}
_SCALAR = {"type": ["string", "integer", "boolean"]}
_CONDITION = {"$ref": "#/$defs/condition"}


def _pair(left: Any, right: Any) -> dict[str, Any]:
    return {"type": "array", "prefixItems": [left, right], "minItems": 2, "maxItems": 2}


_CONDITIONS = {"type": "array", "items": _CONDITION, "minItems": 1}


@dataclass(frozen=True)
class Operator:
    """One word of the language: how it is written, decided and said as a schema."""

    operands: dict[str, Any]
    compile: Callable[[Any], Predicate]
    schema: Callable[[Any], dict[str, Any]]


def _key(operand: Mapping[str, str]) -> str:
    return operand["var"]


def _holds(key: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"properties": {key: schema}, "required": [key]}


def _compile_var(key: str) -> Predicate:
    return lambda answers: answers.get(key) is True


def _compile_equal(operands: Any) -> Predicate:
    key, wanted = _key(operands[0]), operands[1]
    return lambda answers: answers.get(key) == wanted


def _compile_unequal(operands: Any) -> Predicate:
    key, unwanted = _key(operands[0]), operands[1]
    return lambda answers: answers.get(key) != unwanted


def _compile_in(operands: Any) -> Predicate:
    left, right = operands
    if isinstance(left, Mapping):
        key, wanted = _key(left), tuple(right)
        return lambda answers: answers.get(key) in wanted
    key = _key(right)
    return lambda answers: left in (answers.get(key) or ())


def _schema_in(operands: Any) -> dict[str, Any]:
    left, right = operands
    if isinstance(left, Mapping):
        return _holds(_key(left), {"enum": list(right)})
    return _holds(_key(right), {"contains": {"const": left}})


def _compile_greater(operands: Any) -> Predicate:
    key, limit = _key(operands[0]), operands[1]
    return lambda answers: (value := answers.get(key)) is not None and value > limit


def _compile_less(operands: Any) -> Predicate:
    key, limit = _key(operands[0]), operands[1]
    return lambda answers: (value := answers.get(key)) is not None and value < limit


def _compile_and(operands: Any) -> Predicate:
    predicates = tuple(compile_condition(operand) for operand in operands)
    return lambda answers: all(predicate(answers) for predicate in predicates)


def _compile_or(operands: Any) -> Predicate:
    predicates = tuple(compile_condition(operand) for operand in operands)
    return lambda answers: any(predicate(answers) for predicate in predicates)


def _compile_not(operand: Any) -> Predicate:
    predicate = compile_condition(operand)
    return lambda answers: not predicate(answers)


OPERATORS = {
    "var": Operator(
        {"type": "string"},
        _compile_var,
        lambda key: _holds(key, {"const": True}),
    ),
    "==": Operator(
        _pair(_VAR, _SCALAR),
        _compile_equal,
        lambda operands: _holds(_key(operands[0]), {"const": operands[1]}),
    ),
    "!=": Operator(
        _pair(_VAR, _SCALAR),
        _compile_unequal,
        lambda operands: {"not": _holds(_key(operands[0]), {"const": operands[1]})},
    ),
    "in": Operator(
        {
            "anyOf": [
                _pair(_VAR, {"type": "array", "items": _SCALAR, "minItems": 1}),
                _pair({"type": "string"}, _VAR),
            ]
        },
        _compile_in,
        _schema_in,
    ),
    ">": Operator(
        _pair(_VAR, {"type": "integer"}),
        _compile_greater,
        lambda operands: _holds(_key(operands[0]), {"exclusiveMinimum": operands[1]}),
    ),
    "<": Operator(
        _pair(_VAR, {"type": "integer"}),
        _compile_less,
        lambda operands: _holds(_key(operands[0]), {"exclusiveMaximum": operands[1]}),
    ),
    "and": Operator(
        _CONDITIONS,
        _compile_and,
        lambda operands: {"allOf": [condition_schema(one) for one in operands]},
    ),
    "or": Operator(
        _CONDITIONS,
        _compile_or,
        lambda operands: {"anyOf": [condition_schema(one) for one in operands]},
    ),
    "not": Operator(
        _CONDITION,
        _compile_not,
        lambda operand: {"not": condition_schema(operand)},
    ),
}

META_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {name: operator.operands for name, operator in OPERATORS.items()},
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
}


def _word(condition: Condition) -> tuple[str, Any]:
    [(name, operands)] = condition.items()
    return name, operands


def compile_condition(condition: Condition) -> Predicate:
    """Turn a condition into a function of the answers given so far."""
    name, operands = _word(condition)
    return OPERATORS[name].compile(operands)


def condition_schema(condition: Condition) -> dict[str, Any]:
    """Say the condition as a JSON Schema that the answers object satisfies."""
    name, operands = _word(condition)
    return OPERATORS[name].schema(operands)


@dataclass(frozen=True)
class Comparison:
    """One place where a condition looks at an answer, and what it compares it with.

    `operator` is `contains` where the constant is sought among several answers.
    """

    operator: str
    key: str
    constants: tuple[Constant, ...]


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Walk over every look that the condition takes at an answer."""
    name, operands = _word(condition)
    match name, operands:
        case "var", key:
            yield Comparison("var", key, (True,))
        case "not", inner:
            yield from comparisons(inner)
        case (("and" | "or"), inner):
            for one in inner:
                yield from comparisons(one)
        case "in", [{"var": key}, constants]:
            yield Comparison("in", key, tuple(constants))
        case "in", [constant, {"var": key}]:
            yield Comparison("contains", key, (constant,))
        case _, [{"var": key}, constant]:
            yield Comparison(name, key, (constant,))


def variables(condition: Condition) -> frozenset[str]:
    """Name the fields that the condition looks at."""
    return frozenset(comparison.key for comparison in comparisons(condition))


def conjuncts(condition: Condition) -> Iterator[Condition]:
    """Split a condition into parts all of which must hold."""
    name, operands = _word(condition)
    if name == "and":
        for one in operands:
            yield from conjuncts(one)
    else:
        yield condition
