#:sdk Microsoft.NET.Sdk.Web
#:package Microsoft.AspNetCore.Authentication.OpenIdConnect@10.0.0
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication;

string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new Exception($"{name} is not set");
var callback = new Uri(Setting("REDIRECT_URI"));
var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls(callback.GetLeftPart(UriPartial.Authority));

builder.Services
    .AddAuthentication(options =>
    {
        options.DefaultScheme = "Cookies";
        options.DefaultChallengeScheme = "Assent";
    })
    .AddCookie("Cookies")
    .AddOpenIdConnect("Assent", options =>
    {
        options.Authority = Setting("ISSUER");
        options.RequireHttpsMetadata = options.Authority.StartsWith("https:");
        options.ClientId = Setting("CLIENT_ID");
        options.ClientSecret = Setting("CLIENT_SECRET");
        options.CallbackPath = callback.AbsolutePath;
        options.ResponseType = "code";
        options.ResponseMode = "query"; // its POST would come without cookies where there is no https
        options.Scope.Add("vso.work"); // openid and profile are there already
        options.Scope.Add("vso.code");
        options.GetClaimsFromUserInfoEndpoint = true;
        options.MapInboundClaims = false; // or sub and name get other names
        options.TokenValidationParameters.NameClaimType = "name";
        options.SaveTokens = true;
        options.CorrelationCookie.SameSite = SameSiteMode.Lax; // browsers drop None where there is no https
        options.NonceCookie.SameSite = SameSiteMode.Lax;
    });
builder.Services.AddAuthorization();
builder.Services.AddHttpClient();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGet("/", async (HttpContext context, HttpClient http) =>
{
    var request = new HttpRequestMessage(HttpMethod.Get, Setting("API") + "/work-items");
    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await context.GetTokenAsync("access_token"));
    var items = await (await http.SendAsync(request)).Content.ReadAsStringAsync();
    return $"Signed in as {context.User.Identity?.Name}: {items}";
}).RequireAuthorization();
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"Open {callback.GetLeftPart(UriPartial.Authority)}/"));
app.Run();
