/**
 * The settings of `npm start`: the environment first, then `.env`. Those of the product are checked by the CDK app,
 * which knows them; here are the ones that only a laptop has. All faults are told together, each with its cure.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { ENV, SECRET_FIELDS, SETTINGS } from '../lambda/platform/names.ts';

export interface LocalSettings {
  /** The address of this machine to listen on; loopback unless set. */
  httpHost: string;
  httpPort: number;
  carrierPort: number;
  /** What the carrier calls; absent: this machine's own address. */
  publicUrl?: string;
  /** Plain settings of the product that are set: CDK context. */
  context: Record<string, string>;
  /** Fields of secrets that are set. */
  secrets: Record<string, string>;
  ngrokToken?: string;
}

const LOCAL_NAMES = ['HTTP_HOST', 'HTTP_PORT', 'CARRIER_PORT', ENV.publicUrl, 'NGROK_AUTH_TOKEN'];
const SECRET_NAMES: string[] = Object.values(SECRET_FIELDS).flat();

export class SettingsError extends Error {}

/** The environment over the file. `warnings` names what the file sets and nobody reads. */
export function loadEnvironment(env: NodeJS.ProcessEnv, file: string) {
  const fromFile = existsSync(file) ? parse(readFileSync(file)) : {};
  const known = [...LOCAL_NAMES, ...SECRET_NAMES, ...SETTINGS];
  const unknown = Object.keys(fromFile).filter(name => !known.includes(name));
  const warnings = unknown.map(
    name => `.env sets ${name}, which is not a setting; .env.example lists them all.`,
  );
  return { values: { ...fromFile, ...env }, warnings };
}

/** Throws `SettingsError`. An empty value counts as not set. */
export function readLocalSettings(env: Record<string, string | undefined>): LocalSettings {
  const value = (name: string) => env[name]?.trim() || undefined;
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.flatMap(name => (value(name) === undefined ? [] : [[name, value(name) ?? '']])));
  const faults: string[] = [];
  const port = (name: string, standard: number) => {
    const given = value(name);
    if (given === undefined) return standard;
    if (/^\d+$/.test(given) && Number(given) <= 65_535) return Number(given);
    faults.push(`${name} is "${given}" but must be a port number, such as ${standard}`);
    return standard;
  };
  const httpPort = port('HTTP_PORT', 8000);
  const carrierPort = port('CARRIER_PORT', httpPort === 0 ? 0 : httpPort + 1);
  const publicUrl = value(ENV.publicUrl)?.replace(/\/+$/, '');
  if (publicUrl && !/^https?:\/\/[^\s?#]+$/.test(publicUrl)) {
    faults.push(`PUBLIC_URL is "${publicUrl}" but must be an address such as https://calls.example.com`);
  }
  const secrets = pick(SECRET_NAMES);
  faults.push(...secretFaults(secrets));
  if (faults.length > 0) throw new SettingsError(faults.map(fault => `  ${fault}`).join('\n'));
  const ngrokToken = value('NGROK_AUTH_TOKEN');
  return {
    httpHost: value('HTTP_HOST') ?? '127.0.0.1',
    httpPort,
    carrierPort,
    context: pick(SETTINGS),
    secrets,
    ...(publicUrl && { publicUrl }),
    ...(ngrokToken && { ngrokToken }),
  };
}

function secretFaults(secrets: Record<string, string>): string[] {
  const faults: string[] = [];
  for (const name of [...SECRET_FIELDS.apiKey, ...SECRET_FIELDS.webhookKey]) {
    const key = secrets[name];
    if (key !== undefined && !/^[\w.~-]{8,}$/.test(key)) {
      faults.push(
        `${name} must be at least 8 letters, digits, "-" or "_": leave it out to have one generated, ` +
          'or make one with `openssl rand -hex 24`',
      );
    }
  }
  const [id, token, ...others] = SECRET_FIELDS.vobiz.map(name => secrets[name]);
  if ((id === undefined) !== (token === undefined)) {
    faults.push(
      'VOBIZ_AUTH_ID and VOBIZ_AUTH_TOKEN belong together: give both to use your Vobiz account, neither to use ' +
        'the built-in carrier',
    );
  } else if (id === undefined && others.some(Boolean)) {
    faults.push(
      'VOBIZ_AUTH_TOKEN_PREVIOUS and VOBIZ_PARENT_AUTH_TOKEN only add to VOBIZ_AUTH_ID and VOBIZ_AUTH_TOKEN: give ' +
        'those too, or neither of these',
    );
  }
  return faults;
}
