"""Makes XForms of XLSForm workbooks with pyxform, ODK's own; says of each what it said, as JSON."""

import json
import sys

from pyxform.xls2xform import convert

said = {}
for path in sys.argv[1:]:
    try:
        result = convert(path)
        said[path] = {"xform": result.xform, "warnings": list(result.warnings)}
    except Exception as error:
        said[path] = {"error": f"{type(error).__name__}: {error}"}
json.dump(said, sys.stdout)
