/** `--tunnel`: a public address for this machine through ngrok, whose package is optional and installed by hand. */
import { SettingsError } from './settings.ts';

interface Listener {
  url(): string | null;
  close(): Promise<void>;
}
interface Ngrok {
  forward(options: { addr: number; authtoken: string }): Promise<Listener>;
}

export interface Tunnel {
  url: string;
  close(): Promise<void>;
}

/** Rejects with `SettingsError` when the package or the token is missing. */
export async function openTunnel(port: number, authtoken: string | undefined): Promise<Tunnel> {
  if (!authtoken) {
    throw new SettingsError(
      '  --tunnel needs NGROK_AUTH_TOKEN: copy it from https://dashboard.ngrok.com into .env',
    );
  }
  const ngrok = await loadNgrok();
  const listener = await ngrok.forward({ addr: port, authtoken });
  const url = listener.url();
  if (!url) throw new Error('ngrok opened a tunnel without an address; try again.');
  return { url, close: () => listener.close() };
}

async function loadNgrok(): Promise<Ngrok> {
  const name = '@ngrok/ngrok'; // through a variable: the compiler must not look for an optional package
  try {
    const module = (await import(name)) as Ngrok & { default?: Ngrok };
    return module.default ?? module;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new SettingsError('  --tunnel needs the package @ngrok/ngrok: npm install --no-save @ngrok/ngrok');
  }
}
