#:sdk Microsoft.NET.Sdk.Web
#:package Microsoft.AspNetCore.Authentication.JwtBearer@10.0.12
#:property PublishAot=false
using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new Exception($"{name} is not set");
var (issuer, resource) = (Setting("ISSUER"), Setting("RESOURCE"));
// RFC 9728 section 3.1: the path of the metadata stands before the path of the resource.
var path = "/.well-known/oauth-protected-resource" + new Uri(resource).AbsolutePath.TrimEnd('/');
var metadata = Environment.GetEnvironmentVariable("RESOURCE_METADATA") ?? new Uri(new Uri(resource), path).ToString();

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:" + (Environment.GetEnvironmentVariable("PORT") ?? "8081"));
builder.Logging.SetMinimumLevel(LogLevel.Critical);

var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
(JsonElement Listed, DateTime Expires, DateTime Tried) ended = default;
// Tokens that are bound to a key come with a proof. ORIGIN is where clients reach this API, if its identifier is elsewhere.
Proofs proofs = new(Environment.GetEnvironmentVariable("ORIGIN") ?? new Uri(resource).GetLeftPart(UriPartial.Authority));

// Assent in ten lines
builder.Services.AddAuthorization().AddAuthentication().AddJwtBearer(options =>
{
    (options.Authority, options.Audience, options.MapInboundClaims) = (issuer, resource, false);
    options.RequireHttpsMetadata = !new Uri(issuer).IsLoopback;
    options.TokenValidationParameters.ValidTypes = ["at+jwt"];
    options.TokenValidationParameters.ClockSkew = TimeSpan.Zero;
    options.Events = new() { OnMessageReceived = Receive, OnTokenValidated = Require, OnChallenge = Challenge, OnForbidden = Forbid };
});
RouteHandlerBuilder Protect(RouteHandlerBuilder route, Need need) => route.WithMetadata(need)
    .RequireAuthorization(policy => policy.RequireAssertion(context => Missing(context.User, need) is null));
// End of the ten lines

var app = builder.Build();
// Never let a token pass because nobody could be asked.
app.UseExceptionHandler(errors => errors.Run(context =>
{
    (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (503, "5");
    return Task.CompletedTask;
}));
app.UseAuthentication().UseAuthorization();
app.MapGet("/.well-known/oauth-protected-resource/{**path}", () => new
{
    resource,
    resource_name = "Work items",
    authorization_servers = new[] { issuer },
    scopes_supported = new[] { "vso.work", "vso.work_write" },
    bearer_methods_supported = new[] { "header" },
    dpop_signing_alg_values_supported = Proofs.Algorithms,
});
Protect(app.MapGet("/", WhoCalls), new("vso.work"));
Protect(app.MapDelete("/", WhoCalls), new("vso.work_write", MaxAge: 300));
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"Open {app.Urls.First().Replace("127.0.0.1", "localhost")}/ "));
app.Run();

object WhoCalls(ClaimsPrincipal user) => new { person = user.FindFirstValue("uid"), service = user.FindFirstValue("client_id") };

string[] Scopes(ClaimsPrincipal user) => (user.FindFirstValue("scope") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

// Seconds since the person signed in; services never do.
double Age(ClaimsPrincipal user) =>
    DateTimeOffset.UtcNow.ToUnixTimeSeconds() - double.Parse(user.FindFirstValue("auth_time") ?? "0");

string? Missing(ClaimsPrincipal user, Need need) =>
    !Scopes(user).Contains(need.Scope) ? $"error=\"insufficient_scope\", scope=\"{string.Join(' ', Scopes(user).Append(need.Scope))}\", "
    : Age(user) > need.MaxAge ? $"error=\"insufficient_user_authentication\", max_age=\"{need.MaxAge}\", "
    : null;

// That the keys cannot be fetched is not the token's fault: this throws then. They are kept and renewed by the manager.
async Task Receive(MessageReceivedContext context)
{
    await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
    var (scheme, token) = Sent(context.Request);
    if (IsDPoP(scheme)) context.Token = token;
}

(string Scheme, string Token) Sent(HttpRequest request) =>
    request.Headers.Authorization.ToString().Split(' ', 2, StringSplitOptions.TrimEntries) is [var scheme, var token] ? (scheme, token) : ("", "");

bool IsDPoP(string scheme) => scheme.Equals("DPoP", StringComparison.OrdinalIgnoreCase);

async Task Require(TokenValidatedContext context)
{
    var (user, (scheme, token)) = (context.Principal!, Sent(context.Request));
    if (user.FindFirstValue("sub") is null || user.FindFirstValue("client_id") is null || await IsRevoked(user, context.Options))
        context.Fail("no access token (RFC 9068), or revoked");
    else if (await proofs.ProblemOf(context.Request, IsDPoP(scheme), token, user.FindFirstValue("cnf")) is string error)
    {
        context.HttpContext.Items["DPoP"] = error;
        context.Fail(error);
    }
}

// Whether what the token rests on has ended: a person who revokes is obeyed within 15 seconds.
async Task<bool> IsRevoked(ClaimsPrincipal user, JwtBearerOptions options)
{
    if (DateTime.UtcNow - ended.Tried > TimeSpan.FromSeconds(5)) await FetchEnded(options);
    if (DateTime.UtcNow > ended.Expires) return false;
    string Digest(string claim) =>
        Base64UrlEncoder.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(user.FindFirstValue(claim) ?? ""))[..16]);
    bool Lists(string claim) => ended.Listed.GetProperty("ended").GetProperty(claim).EnumerateArray().Any(one => one.GetString() == Digest(claim));
    var before = ended.Listed.GetProperty("not_before");
    double Instant(JsonElement of, string name) => of.TryGetProperty(name, out var instant) ? instant.GetDouble() : 0;
    // What was exchanged rests on what the person granted to another client.
    var restsOn = new[] { ("client_id", "client_id"), ("client_id", "granted_to"), ("sid", "sid"), ("sub", "sub") };
    var instants = restsOn.Select(one => Instant(before.GetProperty(one.Item1), Digest(one.Item2)));
    return Lists("sid") || Lists("jti")
        || double.Parse(user.FindFirstValue("iat") ?? "0") < instants.Append(Instant(before, "everyone")).Max();
}

// Without the list, tokens count until they expire: nobody is locked out because Assent is away.
async Task FetchEnded(JwtBearerOptions options)
{
    ended.Tried = DateTime.UtcNow;
    try
    {
        var text = await http.GetStringAsync(issuer + "/revocations");
        var keys = (await options.ConfigurationManager!.GetConfigurationAsync(default)).SigningKeys;
        TokenValidationParameters checks = new()
        {
            ValidIssuer = issuer, IssuerSigningKeys = keys, ValidTypes = ["assent-revocations+jwt"], ValidateAudience = false,
        };
        var verified = await new JsonWebTokenHandler().ValidateTokenAsync(text, checks);
        if (!verified.IsValid) return;
        var payload = Base64UrlEncoder.Decode(((JsonWebToken)verified.SecurityToken).EncodedPayload);
        ended = (JsonDocument.Parse(payload).RootElement, verified.SecurityToken.ValidTo, ended.Tried);
    }
    catch (Exception error) when (error is HttpRequestException or OperationCanceledException) { }
}

Task Challenge(JwtBearerChallengeContext context)
{
    context.HandleResponse();
    var problem = context.HttpContext.Items["DPoP"] ?? "invalid_token";
    var error = context.AuthenticateFailure is null ? "" : $"error=\"{problem}\", ";
    return Refuse(context.HttpContext, 401, $"{error}scope=\"{NeedOf(context.HttpContext).Scope}\", ");
}

Task Forbid(ForbiddenContext context)
{
    var missing = Missing(context.HttpContext.User, NeedOf(context.HttpContext)) ?? "";
    return Refuse(context.HttpContext, missing.Contains("user_authentication") ? 401 : 403, missing);
}

Need NeedOf(HttpContext context) => context.GetEndpoint()!.Metadata.GetRequiredMetadata<Need>();

// RFC 6750 section 3, RFC 9449 section 7.1, RFC 9728 section 5.1: what is wrong, and where a client reads whom to ask for a token.
Task Refuse(HttpContext context, int status, string parameters)
{
    var bound = IsDPoP(Sent(context.Request).Scheme) || context.Items.ContainsKey("DPoP");
    var (scheme, algorithms) = bound ? ("DPoP", $", algs=\"{string.Join(' ', Proofs.Algorithms)}\"") : ("Bearer", "");
    context.Response.StatusCode = status;
    context.Response.Headers.WWWAuthenticate = $"{scheme} {parameters}resource_metadata=\"{metadata}\"{algorithms}";
    return Task.CompletedTask;
}

record Need(string Scope, double MaxAge = double.PositiveInfinity);

// Who sends a token that is bound to a key proves with each request that they hold the key (DPoP, RFC 9449). A proof for another
// origin is none here, whatever a caller says in Host. What was proven once is remembered by this process: where several share
// the requests, another one of them would take a proof that somebody saw, for a minute, with the same token, method and address.
class Proofs(string origin)
{
    public static readonly string[] Algorithms = ["ES256", "PS256", "RS256"];
    // How old a proof may be, and how far ahead its clock.
    static readonly TimeSpan Past = TimeSpan.FromSeconds(70), Future = TimeSpan.FromSeconds(10);
    readonly ConcurrentDictionary<string, DateTime> seen = new();
    DateTime swept;

    // What is wrong with sending this token so, or null.
    public async Task<string?> ProblemOf(HttpRequest request, bool isDPoP, string token, string? cnf)
    {
        if (cnf is null && !isDPoP) return null;
        // RFC 9449 section 7.2: what is bound is no bearer token, and the other way round.
        if (!isDPoP || Thumbprint(cnf) is not string jkt) return "invalid_token";
        try
        {
            return await IsProven(request, token, jkt) ? null : "invalid_dpop_proof";
        }
        // Its key is in it and nothing is fetched, so whatever goes wrong is its own fault.
        catch (Exception) { return "invalid_dpop_proof"; }
    }

    static string? Thumbprint(string? cnf) =>
        cnf is not null && cnf.StartsWith('{') && JsonElement.Parse(cnf).TryGetProperty("jkt", out var jkt) ? jkt.ToString() : null;

    // RFC 9449 section 4.3: the proof is of the token's key, for this token and this request, and new.
    async Task<bool> IsProven(HttpRequest request, string token, string jkt)
    {
        if (request.Headers["DPoP"] is not [string sent]) return false;
        JsonWebToken proof = new(sent);
        JsonWebKey key = new(JsonElement.Parse(Base64UrlEncoder.Decode(proof.EncodedHeader)).GetProperty("jwk").GetRawText());
        TokenValidationParameters checks = new()
        {
            IssuerSigningKey = key, ValidTypes = ["dpop+jwt"], ValidAlgorithms = Algorithms, TryAllIssuerSigningKeys = true,
            ValidateIssuer = false, ValidateAudience = false, ValidateLifetime = false,
        };
        if (key.HasPrivateKey || Base64UrlEncoder.Encode(key.ComputeJwkThumbprint()) != jkt) return false;
        if (!(await new JsonWebTokenHandler().ValidateTokenAsync(proof, checks)).IsValid) return false;
        string Claim(string name) => proof.GetPayloadValue<string>(name);
        var age = DateTime.UtcNow - DateTime.UnixEpoch.AddSeconds(proof.GetPayloadValue<double>("iat"));
        return Claim("htm") == request.Method && Address(Claim("htu")) == Address(origin + request.PathBase + request.Path)
            && Claim("ath") == Digest(token) && age <= Past && age >= -Future && IsNew($"{jkt} {Claim("jti")}");
    }

    bool IsNew(string proof)
    {
        var now = DateTime.UtcNow;
        if (now - swept > Past + Future)
        {
            swept = now;
            foreach (var (one, end) in seen) if (end < now) seen.TryRemove(one, out _);
        }
        return seen.TryAdd(Digest(proof), now + Past + Future);
    }

    // Without query and fragment, in one spelling.
    static string Address(string url) => new Uri(url).GetLeftPart(UriPartial.Path);

    static string Digest(string value) => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
