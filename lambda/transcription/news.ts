/** What the customer's endpoints are told of a transcription. */
import type { Entry } from './transcript.ts';

export interface Announcement {
  url: string;
  /** News of one line is told in order; a keyword, which is urgent, waits for no transcript. */
  line: string;
  /** Stays the same when the same news is told again. */
  id: string;
  body: Record<string, unknown>;
}

interface About {
  call: string;
  /** Of the transcript, as the store has it. */
  name: string;
  /** Where transcripts go; empty: nowhere. */
  url: string;
  keywords: readonly {
    webhook_url?: string | undefined;
    variable?: string | undefined;
    alert?: boolean | undefined;
  }[];
}

/** @returns undefined where nobody wants to know. A keyword without an endpoint of its own goes where transcripts go. */
export function announcementOf(entry: Entry, { call, name, url, keywords }: About): Announcement | undefined {
  const own = entry.kind === 'keyword' ? keywords[entry.keyword]?.webhook_url : undefined;
  const target = own ?? url;
  if (target === '') return undefined;
  return {
    url: target,
    line: `${entry.kind === 'keyword' ? 'keywords' : 'transcripts'} ${target}`,
    id: `transcript-${call}-${name}-${entry.n}`,
    body: {
      call_id: call,
      transcription: name,
      entry: entry.n,
      who: entry.who,
      ...contentOf(entry, keywords),
    },
  };
}

function contentOf(entry: Entry, keywords: About['keywords']): Record<string, unknown> {
  switch (entry.kind) {
    case 'speech':
      return {
        type: 'transcript.speech',
        text: entry.text,
        began_at: iso(entry.at),
        ended_at: iso(entry.ended_at),
      };
    case 'keyword': {
      const { variable, alert = false } = keywords[entry.keyword] ?? {};
      return {
        type: 'transcript.keyword',
        phrase: entry.phrase,
        text: entry.text,
        said_at: iso(entry.at),
        alert,
        ...(variable !== undefined && { variable }),
      };
    }
    case 'gap':
      return { type: 'transcript.gap', since: iso(entry.at) };
  }
}

const iso = (at: number) => new Date(at).toISOString();
