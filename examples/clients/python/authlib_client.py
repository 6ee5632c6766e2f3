import os

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

issuer, api = os.environ["ISSUER"], os.environ["API"]
if issuer.startswith("http:"):  # on your own machine only
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

service = OAuth2Session(
    os.environ["CLIENT_ID"],
    os.environ["CLIENT_SECRET"],
    redirect_uri=os.environ["REDIRECT_URI"],
    scope="vso.work vso.code",
    code_challenge_method="S256",
)

verifier = generate_token(48)
url, state = service.create_authorization_url(f"{issuer}/authorize", code_verifier=verifier)

print(f"Open {url}", flush=True)
answer = input("Then paste the address that you came back to: ")


def show(token):
    items = service.get(f"{api}/work-items").json()["items"]
    print(f"{len(items)} work items, with {token['scope']}")


token = service.fetch_token(f"{issuer}/token", authorization_response=answer, state=state, code_verifier=verifier)
show(token)
service.scope = token["scope"]  # it is sent again with every refresh, and may be less by now
token = service.refresh_token(f"{issuer}/token", refresh_token=token["refresh_token"])
show(token)
service.revoke_token(f"{issuer}/revoke", token=token["refresh_token"], token_type_hint="refresh_token")
