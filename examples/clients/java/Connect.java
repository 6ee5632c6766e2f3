import com.google.api.client.auth.oauth2.AuthorizationCodeFlow;
import com.google.api.client.auth.oauth2.AuthorizationCodeResponseUrl;
import com.google.api.client.auth.oauth2.BearerToken;
import com.google.api.client.auth.oauth2.Credential;
import com.google.api.client.http.BasicAuthentication;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import java.util.List;
import java.util.Scanner;
import java.util.UUID;

public class Connect {
  static final NetHttpTransport http = new NetHttpTransport();

  public static void main(String[] args) throws Exception {
    var issuer = System.getenv("ISSUER");
    var clientId = System.getenv("CLIENT_ID");
    var redirectUri = System.getenv("REDIRECT_URI");

    // One flow for each connection: it holds the PKCE verifier.
    var flow = new AuthorizationCodeFlow.Builder(
            BearerToken.authorizationHeaderAccessMethod(),
            http,
            GsonFactory.getDefaultInstance(),
            new GenericUrl(issuer + "/token"),
            new BasicAuthentication(clientId, System.getenv("CLIENT_SECRET")),
            clientId,
            issuer + "/authorize")
        .setScopes(List.of("vso.work", "vso.code"))
        .enablePKCE()
        .build();

    var state = UUID.randomUUID().toString();
    System.out.println("Open " + flow.newAuthorizationUrl().setRedirectUri(redirectUri).setState(state));
    System.out.println("Then paste the address that you came back to:");
    var answer = new AuthorizationCodeResponseUrl(new Scanner(System.in).nextLine());
    if (!state.equals(answer.getState()) || !issuer.equals(answer.getFirst("iss")))
      throw new IllegalStateException("not the answer to this request");
    if (answer.getError() != null) throw new IllegalStateException(answer.getErrorDescription());

    var token = flow.newTokenRequest(answer.getCode()).setRedirectUri(redirectUri).execute();
    var credential = flow.createAndStoreCredential(token, null);
    show(credential);
    // It refreshes by itself a minute before the token is over.
    if (!credential.refreshToken()) throw new IllegalStateException("not refreshed");
    show(credential);
  }

  static void show(Credential credential) throws Exception {
    var address = new GenericUrl(System.getenv("API") + "/work-items");
    System.out.println(http.createRequestFactory(credential).buildGetRequest(address).execute().parseAsString());
  }
}
