"""What the fuzzer does not know of the API's media types: bytes of a file are bytes."""

import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
