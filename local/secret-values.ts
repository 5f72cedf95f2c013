/**
 * The values of the template's secrets: generated at the first start as the template says, kept in the data
 * folder, and overridden by fields that the user gives (environment or `.env`).
 */
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { SECRET_FIELDS } from '../lambda/platform/names.ts';
import { generateSecret, type SecretStore } from './aws/secrets.ts';
import type { SecretModel } from './template/model.ts';

/** `file` keeps the values (mode 600); without one they live as long as the host. */
export async function openSecrets(
  models: SecretModel[],
  given: Record<string, string>,
  file?: string,
): Promise<SecretStore> {
  const kept = file && existsSync(file) ? await readKept(file) : {};
  const values = new Map(
    models.map(model => [model.arn, withGiven(kept[model.arn] ?? initialValue(model), given)] as const),
  );
  const save = async () => {
    if (!file) return;
    await writeFile(file, `${JSON.stringify(Object.fromEntries(values), null, 2)}\n`, { mode: 0o600 });
    await chmod(file, 0o600);
  };
  await save();
  return { values, save };
}

/** A field of whichever secret has it. */
export function fieldOf({ values }: SecretStore, field: string): string | undefined {
  for (const value of values.values()) {
    const found = fieldsOf(value)[field];
    if (found !== undefined) return found;
  }
  return undefined;
}

async function readKept(file: string): Promise<Record<string, string>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as Error).message}). Start with --fresh to forget it.`);
  }
}

const initialValue = ({ value, generator }: SecretModel) => value ?? generateSecret(generator ?? {});

/** A given field goes into the secret that holds a field of the same family (`API_KEY` and `API_KEY_PREVIOUS`). */
function withGiven(value: string, given: Record<string, string>): string {
  const fields = fieldsOf(value);
  const families: (readonly string[])[] = Object.values(SECRET_FIELDS);
  const family = families.find(names => names.some(name => name in fields)) ?? [];
  const overrides = Object.entries(given).filter(([name]) => family.includes(name));
  return overrides.length > 0 ? JSON.stringify({ ...fields, ...Object.fromEntries(overrides) }) : value;
}

function fieldsOf(value: string): Record<string, string> {
  return value.startsWith('{') ? (JSON.parse(value) as Record<string, string>) : {};
}
