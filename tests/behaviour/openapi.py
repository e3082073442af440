"""docs/consent-http.openapi.json: what a test sends and gets is held against it."""
import functools
import json

import jsonschema

from harness import SOURCE

DOCUMENT = json.loads((SOURCE / 'docs' / 'consent-http.openapi.json').read_text())


@functools.lru_cache
def validator(schema):
    whole = {**json.loads(schema), 'components': DOCUMENT['components']}
    jsonschema.Draft202012Validator.check_schema(whole)
    return jsonschema.Draft202012Validator(whole)


def complaints(content, document):
    """What the schema of this content has to say of it."""
    schema = json.dumps(content['application/json']['schema'])
    return [f'{error.json_path}: {error.message}' for error in validator(schema).iter_errors(document)]


def judge(method, path, status, asked, answered):
    """Raises where the answer is none that the document has, or a question that was answered none that it has."""
    operation = DOCUMENT['paths'][path][method.lower()]
    response = operation['responses'].get(str(status))
    if response is None:
        raise AssertionError(f'{path} has no answer {status}')
    found = complaints(response['content'], answered)
    if status == 200 and asked is not None:
        found += complaints(operation['requestBody']['content'], asked)
    if found:
        raise AssertionError(f'{path} {status}: {found}')
