/** What the caller hears and the carrier does, in order. `document.ts` writes it as the carrier's XML. */

export type Voice = 'WOMAN' | 'MAN';

/** `text` that begins with `<speak` is SSML. */
export type Prompt =
  | { verb: 'speak'; text: string; language: string; voice: Voice }
  | { verb: 'play'; url: string }
  | { verb: 'beep' }
  /** A second of it. */
  | { verb: 'silence' };

export type Track = 'inbound' | 'outbound' | 'both';

export type Verb =
  | Prompt
  | { verb: 'wait'; secs: number }
  /** `pause_secs`: so long without a key ends it early. */
  | { verb: 'gather'; prompts: Prompt[]; length: number; window_secs: number; pause_secs?: number }
  /** A message: the caller speaks, and the flow waits. Without a limit the carrier's longest. */
  | {
      verb: 'record_message';
      format: 'mp3' | 'wav';
      max_secs: number;
      silence_secs: number;
      end_keys: string;
      beep: boolean;
    }
  /** The whole call from here on. */
  | { verb: 'record_call'; format: 'mp3' | 'wav' }
  | { verb: 'dial'; legs: Leg[]; caller_id: string; ring_secs: number; talk_secs: number }
  | { verb: 'conference'; room: string }
  | { verb: 'send_digits'; digits: string }
  /** Both sides' audio to the transcriber, beside the call. */
  | { verb: 'transcribe'; track: Track }
  /** `reason`: how a call is refused that was not answered yet. */
  | { verb: 'hangup'; reason?: 'busy' | 'rejected' };

/** A telephone number, E.164, or a SIP address. */
export interface Leg {
  type: 'number' | 'sip';
  target: string;
}
