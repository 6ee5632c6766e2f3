import os
import secrets
from urllib.parse import urlsplit

from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session

issuer, api, redirect_uri = os.environ["ISSUER"], os.environ["API"], os.environ["REDIRECT_URI"]
callback = urlsplit(redirect_uri)

app = Flask(__name__)
app.secret_key = secrets.token_hex()
assent = OAuth(app).register(
    "assent",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=f"{issuer}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile vso.work vso.code", "code_challenge_method": "S256"},
)


@app.get("/")
def home():
    if "token" not in session:
        return assent.authorize_redirect(redirect_uri)
    answer = assent.get(f"{api}/work-items", token=session["token"]).json()
    return f"Signed in as {session['name']}: {len(answer['items'])} work items, with {answer['scope']}"


@app.get(callback.path)
def connected():
    token = assent.authorize_access_token()  # checks the ID token and its nonce
    session["name"] = assent.userinfo(token=token)["name"]
    # A real service keeps tokens in its database: this cookie is signed, not encrypted.
    session["token"] = {name: token[name] for name in ("access_token", "token_type", "expires_at")}
    return redirect("/")


print(f"Open http://{callback.netloc}/ ", flush=True)
app.run(port=callback.port)
