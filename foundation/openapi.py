"""The OpenAPI document: in words for its reader, and with every refusal."""

from typing import Any, ClassVar

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

SUCCESS = "うまくいったとき"
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "うまくいかなかったことの説明（RFC 9457）",
    "properties": {
        "type": {
            "type": "string",
            "description": "種類。about:blank のときは status がそのまま種類です。",
        },
        "title": {"type": "string", "description": "何が起きたか"},
        "status": {"type": "integer", "description": "HTTPのステータス"},
        "detail": {"type": "string", "description": "どうすればよいか"},
        "errors": {
            "type": "array",
            "description": "直すところ（422 のとき）",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "送った内容のどこか（JSON Pointer）",
                    },
                    "detail": {"type": "string", "description": "どう直すか"},
                },
                "required": ["pointer", "detail"],
            },
        },
        "request_id": {
            "type": "string",
            "description": "お問い合わせのときに伝えていただく番号",
        },
    },
    "required": ["type", "title", "status", "detail", "request_id"],
}
REFERENCE = {"$ref": "#/components/schemas/Problem"}
SENTENCES = {
    "400": "送信された内容を読み取れません。",
    "401": "トークンがないか、正しくないか、有効期限が切れたか、取り消されています。",
    "403": "トークンに、この操作の権限がありません。",
    "404": "ないか、このトークンでは見られません。",
    "406": "求められた形式では返せません。",
    "409": "いまの状態では、この操作はできません。",
    "413": "送信された内容が大きすぎます。",
    "415": "受け取れるのは application/json だけです。",
    "422": "直していただくところがあります。項目ごとに errors でお知らせします。",
    "429": "呼び出しが多すぎます。Retry-After 秒あとに呼び出してください。",
}
# What the parts of an address are.
PARTS = {
    "code": "コード",
    "id": "番号（UUID）",
    "document_id": "文書の番号（UUID）",
}
_WITH_BODY = ("409", "413", "415", "422")


class Generator(SchemaGenerator):
    """Make the document once: it changes only with the program."""

    made: ClassVar[dict[bool, dict[str, Any]]] = {}

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002, ARG002 - the framework's signature
        """Return the document; `public` leaves nothing out for lack of rights."""
        if public not in self.made:
            self.made[public] = super().get_schema(request=None, public=public)  # type: ignore[no-untyped-call]
        return self.made[public]


def document() -> dict[str, Any]:
    """Return the document with all that there is."""
    return Generator().get_schema(public=True)  # type: ignore[no-untyped-call]


class Schema(AutoSchema):
    """Describe an operation by what is written for its reader, not by docstrings."""

    def get_description(self) -> str:  # type: ignore[override]
        """Leave out what no `extend_schema` says."""
        return ""

    def get_operation_id(self) -> str:
        """Name what is done to a case by its address: `cases_accept`."""
        name = str(getattr(self.view, "action", ""))
        if hasattr(getattr(self.view, name, None), "mapping"):  # an `@action`
            return "_".join(self._tokenize_path())
        return str(super().get_operation_id())


def complete(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say what is always there, and how each may refuse; a hook of drf-spectacular."""
    components = result["components"]
    for name, schema in components["schemas"].items():
        if "enum" in schema:
            continue
        schema.pop("description", None)  # a docstring; that of an enum lists its labels
        if name.endswith("Request"):
            schema["additionalProperties"] = False  # `foundation.strict`
        else:
            schema["required"] = sorted(schema["properties"])  # always all of them
    components["schemas"]["Problem"] = PROBLEM
    components["responses"] = {
        f"Problem{status}": _described(status) for status in SENTENCES
    }
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["description"] = PARTS[parameter["name"]]
            answers = operation["responses"]
            for answer in answers.values():
                answer["description"] = answer["description"] or SUCCESS
            for status in _refusals(path, method, operation):
                answers[status] = {"$ref": f"#/components/responses/Problem{status}"}
            operation["responses"] = dict(sorted(answers.items()))
    return result


def _refusals(path: str, method: str, operation: dict[str, Any]) -> set[str]:
    found = {"400", "406", "429"}
    if {} not in operation.get("security", [{}]):
        found |= {"401", "403"}
    if "{" in path:
        found.add("404")
    if method == "post":
        found.update(_WITH_BODY)
    if any(parameter["in"] != "path" for parameter in operation.get("parameters", ())):
        found.add("422")
    return found


def _described(status: str) -> dict[str, Any]:
    return {
        "description": SENTENCES[status],
        "content": {"application/problem+json": {"schema": REFERENCE}},
    }
