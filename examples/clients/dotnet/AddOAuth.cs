#:sdk Microsoft.NET.Sdk.Web
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
    .AddOAuth("Assent", options =>
    {
        options.AuthorizationEndpoint = Setting("ISSUER") + "/authorize";
        options.TokenEndpoint = Setting("ISSUER") + "/token";
        options.ClientId = Setting("CLIENT_ID");
        options.ClientSecret = Setting("CLIENT_SECRET");
        options.CallbackPath = callback.AbsolutePath;
        options.Scope.Add("vso.work");
        options.Scope.Add("vso.code");
        options.UsePkce = true; // off unless you say so, and Assent wants it
        options.SaveTokens = true;
        options.CorrelationCookie.SameSite = SameSiteMode.Lax; // browsers drop None where there is no https
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
    return await (await http.SendAsync(request)).Content.ReadAsStringAsync();
}).RequireAuthorization();
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"Open {callback.GetLeftPart(UriPartial.Authority)}/"));
app.Run();
