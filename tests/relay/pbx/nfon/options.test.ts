// What the configuration of an NFON account may say, by the relay's own reading of its file.
import { describe, expect, test } from 'vitest';
import { firewallRows } from '../../../../relay/src/cli/firewall.ts';
import { readConfig } from '../../../../relay/src/config.ts';
import { ConfigError } from '../../../../relay/src/config-error.ts';

const yaml = (options: string, location = 'country: DE') => `
pbx:
  - id: cloud
    kind: nfon
    location: { ${location} }
    options: { ${options} }
`;
const read = (...parts: Parameters<typeof yaml>) => readConfig(yaml(...parts), '/etc/offhook/relay.yaml', {});

function faultOf(...parts: Parameters<typeof yaml>): string {
  try {
    read(...parts);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

const WHOLE = 'account: K1234, password: "secret:nfon"';

test('account and password are enough: numbers go out without plus, and emergency calls stay at the phone', () => {
  const config = read(WHOLE);
  expect(config.pbx[0]?.location).toMatchObject({
    format: 'internationalWithoutPlus',
    emergency: { dial: 'onThePhone' },
  });
  expect(firewallRows(config)).toContainEqual(
    expect.objectContaining({
      to: 'providersupportdata.cloud-cfg.com',
      port: 443,
      purpose: 'phone system cloud (nfon)',
    }),
  );
});

test('the token endpoint of OAuth is one of the hosts that the firewall lets through', () => {
  const signIn = 'signIn: { kind: oauth2-cc, tokenUrl: "https://sso.example:8443/token", scope: cti }';
  const hosts = firewallRows(read(`${WHOLE}, ${signIn}`)).map(({ to, port }) => `${to}:${port}`);
  expect(hosts).toEqual(expect.arrayContaining(['providersupportdata.cloud-cfg.com:443', 'sso.example:8443']));
});

describe('faults', () => {
  test.each([
    ['account: K1234', /pbx\[0\]\.options\.password/],
    ['account: K1234, password: hunter22', /should say where the secret stands/],
    ['account: "Sample Ltd", password: "secret:nfon"', /should be the K-account, such as K1234/],
    [`${WHOLE}, baseUrl: "http://nfon.example/v1"`, /should begin with https:\/\//],
    [`${WHOLE}, baseUrl: "https://me:secret@nfon.example/v1"`, /nothing but host and path/],
    [`${WHOLE}, signIn: { kind: oauth2-cc }`, /options\.signIn\.tokenUrl/],
    [`${WHOLE}, ringSeconds: 121`, /at most 120/],
    [
      `${WHOLE}, otherPhones: [{ extension: "18", id: mobile, name: Mobile, number: "0171" }]`,
      /such as "\+4930123456"/,
    ],
    [`${WHOLE}, devices: []`, /devices/],
  ])('%s', (options, words) => {
    expect(faultOf(options)).toMatch(words);
  });

  test.each([
    ['country: DE, format: phoneBook', /format: .*takes "internationalWithoutPlus" alone/],
    ['country: DE, outsideLine: "0"', /outsideLine: .*has no outside line/],
    ['country: DE, outsideLine: { local: "", longDistance: "0" }, areaCode: "30"', /has no outside line/],
    ['country: DE, emergency: { dial: afterConfirmation }', /cannot dial emergency numbers safely/],
  ])('what is shown before a call is what is dialled, so %s is one', (location, words) => {
    expect(faultOf(WHOLE, location)).toMatch(words);
  });
});
