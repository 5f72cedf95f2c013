/** Where the endpoints of one server look up what to do, and note what they were asked. */
import type { Endpoint, Fault, Requests, Rule, Script, Timing } from './script.ts';

const TIMING: Timing = {
  transcript_ms: 0,
  first_token_ms: 0,
  token_ms: 0,
  first_byte_ms: 0,
  speech_speed: 0,
  idle_ms: 12_000,
};

/** How a provider turns a request away. */
export interface Refusal {
  status: number;
  body: unknown;
}

export type Desk = ReturnType<typeof createDesk>;

/** @param timing what a script that says `clear` goes back to */
export function createDesk(timing: Partial<Timing> = {}) {
  const requests: Requests = { chat: [], speech: [], listen: [] };
  let rules: (Rule & { persistent?: true })[] = [];
  let faults: Record<Endpoint, Fault[]> = { listen: [], chat: [], speech: [], speak: [] };
  let keys: string[] = [];
  const times: Timing = { ...TIMING, ...timing };

  function clear(): void {
    rules = [];
    faults = { listen: [], chat: [], speech: [], speak: [] };
    keys = [];
    Object.assign(times, TIMING, timing);
    for (const list of Object.values(requests)) list.length = 0;
  }

  return {
    requests,
    timing: times as Readonly<Timing>,
    script(script: Script): void {
      if (script.clear) clear();
      rules.push(...(script.rules ?? []));
      for (const endpoint of Object.keys(faults) as Endpoint[])
        faults[endpoint].push(...(script.faults?.[endpoint] ?? []));
      Object.assign(times, script.timing);
      keys = script.keys ?? keys;
    },
    /** Whether a request with this key is let in. */
    admits: (key: string): boolean => key !== '' && (keys.length === 0 || keys.includes(key)),
    nextFault(endpoint: Endpoint): Fault | undefined {
      const fault = faults[endpoint][0];
      if (fault && !fault.persistent) faults[endpoint].shift();
      return fault;
    },
    nextRule(text: string): Rule | undefined {
      const index = rules.findIndex(rule => new RegExp(rule.when ?? '', 'i').test(text));
      const rule = rules[index];
      if (rule && !rule.persistent) rules.splice(index, 1);
      return rule;
    },
  };
}
