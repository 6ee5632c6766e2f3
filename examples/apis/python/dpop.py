"""Who sends a token that is bound to a key proves with each request that they hold the key (DPoP, RFC 9449)."""

import base64
import hashlib
import json
import threading
import time
from urllib.parse import urlsplit

import jwt

ALGORITHMS = ["ES256", "PS256", "EdDSA", "RS256"]
# How old a proof may be, and how far ahead its clock: in seconds.
PAST, FUTURE = 70, 10
# RFC 9449 section 4.2, of a proof that goes with a token. Times are looked at below.
REQUIRED = {"require": ["jti", "htm", "htu", "iat", "ath"], "verify_iat": False}
# RFC 7638 section 3.2: what there is to a public key.
MEMBERS = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x"), "RSA": ("e", "kty", "n")}
PORTS = {"http": 80, "https": 443}


class Proofs:
    """`origin` is where clients reach the API: a proof for another is none here, whatever a caller says in `Host`.

    What was proven once is remembered by this process: where several share the requests, another one of them would take a
    proof that somebody saw, for a minute, with the same token, method and address.
    """

    def __init__(self, origin):
        self.origin, self.seen, self.lock = origin, {}, threading.Lock()

    def problem(self, request, scheme, token, claims):
        """The scheme to answer in, and what is wrong with sending this token so, or None."""
        bearer = scheme.lower() == "bearer"
        if bearer and "cnf" not in claims:
            return "Bearer", None
        # RFC 9449 section 7.2: what is bound is no bearer token, and the other way round.
        cnf = claims.get("cnf")
        if bearer or not isinstance(cnf, dict) or "jkt" not in cnf:
            return "DPoP", "invalid_token"
        return "DPoP", None if self.proven(request, token, cnf["jkt"]) else "invalid_dpop_proof"

    def proven(self, request, token, jkt):
        """RFC 9449 section 4.3: the proof is of the token's key, for this token and this request, and new."""
        try:
            [proof] = request.headers.get_all("dpop", [])
            jwk = jwt.get_unverified_header(proof)["jwk"]
            key = None if "d" in jwk else jwt.PyJWK.from_dict(jwk).key
            claims = jwt.decode(proof, key, algorithms=ALGORITHMS, options=REQUIRED)
            path = urlsplit(request.path).path
            return (
                jwt.get_unverified_header(proof).get("typ", "").lower() in ("dpop+jwt", "application/dpop+jwt")
                and thumbprint(jwk) == jkt
                and claims["htm"] == request.command
                and address(claims["htu"]) == address(self.origin + path)
                and claims["ath"] == digest(token)
                and -FUTURE <= time.time() - claims["iat"] <= PAST
                and not self.spent(f"{jkt} {claims['jti']}")
            )
        except Exception:
            # Its key is in it and nothing is fetched, so whatever goes wrong is its own fault.
            return False

    def spent(self, proof):
        """Whether this was asked before; remembers it for as long as a proof is good."""
        key, now = digest(proof), time.monotonic()
        with self.lock:
            # They end in the order in which they came.
            while self.seen and next(iter(self.seen.values())) < now:
                del self.seen[next(iter(self.seen))]
            known = key in self.seen
            self.seen.setdefault(key, now + PAST + FUTURE)
            return known


def thumbprint(jwk):
    members = {name: jwk[name] for name in MEMBERS[jwk["kty"]]}
    return digest(json.dumps(members, separators=(",", ":"), sort_keys=True))


def address(url):
    """Without query and fragment, in one spelling."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], parts.path or "/"


def digest(value):
    return base64.urlsafe_b64encode(hashlib.sha256(value.encode()).digest()).decode().rstrip("=")
