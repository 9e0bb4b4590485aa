// A real provider of OpenID Connect (oidc-provider of the peers) on loopback, for the tests of signing in.
//
//   const provider = await startOidcProvider(modules);   // of installPeers()
//   provider.issuer; provider.serve(redirectUri); provider.stop();
import http from 'node:http';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

// Accounts of the provider: the name is the subject.
const accounts = {
    aino: {email: 'aino@example.org', email_verified: true, name: 'Aino Virtanen'},
    stranger: {email: 'stranger@elsewhere.example', email_verified: true, name: 'Stranger'},
    unverified: {email: 'unverified@example.org', email_verified: false, name: 'Unverified'},
    bo: {email: 'bo@example.org', email_verified: true, name: 'Bo'},
    cleo: {email: 'cleo@example.org', email_verified: true, name: 'Cleo'},
};

export async function startOidcProvider(modules) {
    const {default: Provider} = await import(pathToFileURL(path.join(modules, 'oidc-provider/lib/index.js')));
    const listener = http.createServer();
    await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${listener.address().port}`;
    return {
        issuer,
        serve(redirectUri) {
            const provider = new Provider(issuer, {
                clients: [{client_id: 'dialogd', client_secret: 'a secret of 24 letters!!', redirect_uris: [redirectUri], grant_types: ['authorization_code'], response_types: ['code']}],
                findAccount: (_, id) => ({accountId: id, claims: () => ({sub: id, ...accounts[id]})}),
                claims: {openid: ['sub'], email: ['email', 'email_verified'], profile: ['name']},
                conformIdTokenClaims: false,
                pkce: {required: () => true, methods: ['S256']},
                cookies: {keys: ['k']},
            });
            listener.on('request', provider.callback());
        },
        stop: () => { listener.closeAllConnections(); listener.close(); },
    };
}
