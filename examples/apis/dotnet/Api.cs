#:sdk Microsoft.NET.Sdk.Web
#:package Microsoft.AspNetCore.Authentication.JwtBearer@10.0.12
#:property PublishAot=false
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

// Assent in ten lines
builder.Services.AddAuthorization().AddAuthentication().AddJwtBearer(options =>
{
    (options.Authority, options.Audience, options.MapInboundClaims) = (issuer, resource, false);
    options.RequireHttpsMetadata = !new Uri(issuer).IsLoopback;
    options.TokenValidationParameters.ValidTypes = ["at+jwt"];
    options.TokenValidationParameters.ClockSkew = TimeSpan.Zero;
    options.Events = new() { OnMessageReceived = FetchKeys, OnTokenValidated = Require, OnChallenge = Challenge, OnForbidden = Forbid };
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
async Task FetchKeys(MessageReceivedContext context) =>
    await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);

async Task Require(TokenValidatedContext context)
{
    bool Has(string claim) => context.Principal!.HasClaim(one => one.Type == claim);
    if (!Has("sub") || !Has("client_id") || Has("cnf")) context.Fail("not an access token for bearers (RFC 9068)");
    else if (await IsRevoked(context.Principal!, context.Options)) context.Fail("revoked");
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
    var error = context.AuthenticateFailure is null ? "" : "error=\"invalid_token\", ";
    return Refuse(context.HttpContext, 401, $"{error}scope=\"{NeedOf(context.HttpContext).Scope}\", ");
}

Task Forbid(ForbiddenContext context)
{
    var missing = Missing(context.HttpContext.User, NeedOf(context.HttpContext)) ?? "";
    return Refuse(context.HttpContext, missing.Contains("user_authentication") ? 401 : 403, missing);
}

Need NeedOf(HttpContext context) => context.GetEndpoint()!.Metadata.GetRequiredMetadata<Need>();

// RFC 6750 section 3, RFC 9728 section 5.1: what is wrong, and where a client reads whom to ask for a token.
Task Refuse(HttpContext context, int status, string parameters)
{
    context.Response.StatusCode = status;
    context.Response.Headers.WWWAuthenticate = $"Bearer {parameters}resource_metadata=\"{metadata}\"";
    return Task.CompletedTask;
}

record Need(string Scope, double MaxAge = double.PositiveInfinity);
