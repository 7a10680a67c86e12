"""The vendors' own OpenAPI documents, in the folder that PROVIDER_SPECS names; without it these tests skip."""

import json
import os
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest

from common.http import HttpRequest


def official_document(name: str) -> "Document":
    folder = os.environ.get("PROVIDER_SPECS")
    if not folder:
        pytest.skip("PROVIDER_SPECS names no folder with the vendors' documents")
    return _load(Path(folder) / name)


class Document:
    """One vendor's document: what is wrong with a request, also what a validator lets pass."""

    def __init__(self, data):
        self.data = data
        # The vendors' documents are not valid in every corner; what counts here is what they say of our requests.
        self.openapi = OpenAPI.from_dict(data, config=Config(spec_validator_cls=None))

    def violations(self, built: HttpRequest) -> list[str]:
        prepared = requests.Request(built.method, built.url, dict(built.headers), data=built.body).prepare()
        found = []
        for error in self.openapi.iter_request_errors(RequestsOpenAPIRequest(prepared)):
            inner = getattr(error.__cause__, "schema_errors", [])
            found.append(f"{type(error).__name__}: {[each.message for each in inner] or error}")
        return found + [f"unknown parameter {name}" for name in self._unknown(built)]

    def _unknown(self, built: HttpRequest) -> list[str]:
        """Names the document does not know: a slip in an optional one passes every validator."""
        if not built.body:
            return []
        kind = built.headers["Content-Type"]
        schema = self._resolved(self._operation(built)["requestBody"])["content"][kind]["schema"]
        if "json" in kind:
            return sorted(self._strange(json.loads(built.body), schema))
        return sorted(self._strange(dict(parse_qsl(built.body.decode(), keep_blank_values=True)), schema))

    def _operation(self, built: HttpRequest):
        """The longest path of the document that the address ends with; a server's own path comes before it."""
        path, method = urlsplit(built.url).path, built.method.lower()
        fitting = [
            (len(template), methods[method])
            for template, methods in self.data["paths"].items()
            if method in methods and re.search(re.sub(r"\{[^}]+\}", "[^/]+", template) + "$", path)
        ]
        return max(fitting, key=lambda each: each[0])[1]

    def _strange(self, value, schema, at=""):
        schema = self._resolved(schema)
        if isinstance(value, list):
            return {name for each in value for name in self._strange(each, schema.get("items", {}), at)}
        choices = [choice for key in ("allOf", "anyOf", "oneOf") for choice in schema.get(key, ())]
        if not isinstance(value, dict):
            return set()
        if choices and "properties" not in schema:  # known to one of them is known
            found = [self._strange(value, choice, at) for choice in choices]
            return set.intersection(*found)
        if "properties" not in schema:
            return set()
        known = schema["properties"]
        strange = {f"{at}{name}" for name in value if name not in known}
        for name in value.keys() & known.keys():
            strange |= self._strange(value[name], known[name], f"{at}{name}.")
        return strange

    def _resolved(self, schema):
        while "$ref" in schema:
            found = self.data
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            schema = found
        return schema


@lru_cache(maxsize=10)
def _load(path: Path) -> Document:
    if path.suffix == ".json":
        return Document(json.loads(path.read_text()))
    # Through JSON, as YAML reads dates into objects that no schema knows.
    return Document(json.loads(json.dumps(yaml.load(path.read_text(), yaml.CSafeLoader), default=str)))
