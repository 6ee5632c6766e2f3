require 'digest'
require 'oauth2'
require 'securerandom'

issuer, api, redirect_uri = ENV.values_at('ISSUER', 'API', 'REDIRECT_URI')
client = OAuth2::Client.new(
  ENV['CLIENT_ID'], ENV['CLIENT_SECRET'],
  site: issuer, authorize_url: '/authorize', token_url: '/token'
)

# It has no PKCE of its own; it passes on what it is given.
verifier = SecureRandom.urlsafe_base64(32)
state = SecureRandom.urlsafe_base64(16)
url = client.auth_code.authorize_url(
  redirect_uri: redirect_uri, scope: 'vso.work vso.code', state: state,
  code_challenge: Digest::SHA256.base64digest(verifier).tr('+/', '-_').delete('='), code_challenge_method: 'S256'
)

puts "Open #{url}", 'Then paste the address that you came back to:'
$stdout.flush
answer = URI.decode_www_form(URI(gets.strip).query).to_h
raise 'not the answer to this request' unless answer.values_at('state', 'iss') == [state, issuer]
raise "#{answer['error']}: #{answer['error_description']}" if answer['error']

show = lambda do |token|
  items = token.get("#{api}/work-items").parsed['items']
  puts "#{items.size} work items, with #{token['scope']}"
end

token = client.auth_code.get_token(answer['code'], redirect_uri: redirect_uri, code_verifier: verifier)
show.call(token)
token = token.refresh!
show.call(token)
