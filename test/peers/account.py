"""A customer's AWS account as boto3 sees it: fills one, or lists one page by page. Endpoint and keys from the environment.

usage: account.py populate | account.py list
`list` prints {type: [[region, external id], ...]} for every type that the collectors know.
"""

import json
import sys

if __name__ == "__main__":
    if sys.argv[1] == "populate":
        from aws_populate import populate

        populate()
    else:
        from aws_lists import listed

        print(json.dumps(listed(), sort_keys=True))
