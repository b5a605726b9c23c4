"""The stand-in as a process of its own, so that a storm can kill the product and not the truth.

`python -m tests.standin --port 0 --webhook-url URL` writes one line of JSON to standard output
(url, api_key, webhook_secrets) and serves until its standard input closes or it is interrupted.
"""

import argparse
import contextlib
import json
import sys
from dataclasses import fields

from tests.standin.control import StripeStandIn
from tests.standin.policy import Policy


def main() -> None:
    """Serve until the parent process closes our standard input."""
    options = _options()
    policy = Policy(
        mode=options.mode,
        attempts=options.attempts,
        retry_delay=options.retry_delay,
        threads=options.threads,
        wait=False,
    )
    with StripeStandIn(
        options.webhook_url,
        policy=policy,
        livemode=options.live,
        port=options.port,
    ) as standin:
        for _ in range(options.secrets - 1):
            standin.add_webhook_secret()
        known = {
            "url": standin.url,
            "api_key": standin.api_key,
            "webhook_secrets": standin.signing_secrets(),
        }
        print(json.dumps(known), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            sys.stdin.read()


def _options() -> argparse.Namespace:
    default = {field.name: field.default for field in fields(Policy)}
    parser = argparse.ArgumentParser(prog="python -m tests.standin", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--webhook-url", help="where notices go; can be set later")
    parser.add_argument("--mode", choices=("at_once", "held", "never"), default="at_once")
    parser.add_argument("--attempts", type=int, default=default["attempts"])
    parser.add_argument("--retry-delay", type=float, default=default["retry_delay"])
    parser.add_argument("--threads", type=int, default=default["threads"])
    parser.add_argument("--secrets", type=int, default=1, help="how many sign at once")
    parser.add_argument("--live", action="store_true", help="live mode: HTTPS return addresses")
    return parser.parse_args()


if __name__ == "__main__":
    main()
