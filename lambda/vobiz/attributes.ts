/**
 * The attributes of Vobiz's XML elements, spelled as on the wire; the carrier's defaults in parentheses. Lists and
 * header sets are arrays and objects here and become comma-separated text in the document. Times are in seconds
 * unless the name or the comment says otherwise. Source: the pages under docs.vobiz.ai/xml.
 */

type Method = 'GET' | 'POST';
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#';

/** Written `key=value,key=value`. One bad entry makes the carrier drop the whole set without a word. */
export type Headers = Readonly<Record<string, string>>;

export interface SpeakAttributes {
  /** (WOMAN) */
  voice?: 'WOMAN' | 'MAN';
  /** (en-US) */
  language?: string;
  /** (1); 0 is for ever. */
  loop?: number;
}

export interface PlayAttributes {
  /** (1); 0 is for ever. */
  loop?: number;
}

export interface WaitAttributes {
  /** End as soon as the line is silent (false). */
  silence?: boolean;
  /** Milliseconds of silence that count (2000). */
  minSilence?: number;
  /** End at an answering machine's beep (false). */
  beep?: boolean;
}

export interface GatherAttributes {
  action: string;
  method?: Method;
  inputType?: 'dtmf' | 'speech' | 'dtmf speech';
  /** 5 to 60 (15), counted from the end of the prompts. */
  executionTimeout?: number;
  /** 2 to 10 (auto). */
  digitEndTimeout?: number | 'auto';
  /** 2 to 10 (auto). */
  speechEndTimeout?: number | 'auto';
  /** (#); empty or `none`: no such key. */
  finishOnKey?: Digit | '' | 'none';
  /** 1 to 32 (32). */
  numDigits?: number;
  speechModel?: 'default' | 'command_and_search' | 'phone_call' | 'telephony';
  /** At most 500 phrases of 100 characters, 10 000 characters together. */
  hints?: readonly string[];
  /** (en-US) */
  language?: string;
  interimSpeechResultsCallback?: string;
  interimSpeechResultsCallbackMethod?: Method;
  /** (true); false keeps what was gathered out of the carrier's logs. */
  log?: boolean;
  /** (true); false: the action's document is ignored. */
  redirect?: boolean;
  profanityFilter?: boolean;
}

export interface RecordAttributes {
  /** Called near the START of the recording; the file comes on `callbackUrl`. */
  action?: string;
  method?: Method;
  /** (mp3) */
  fileFormat?: 'mp3' | 'wav';
  /** (false) */
  redirect?: boolean;
  /** Silence that ends the recording (60). */
  timeout?: number;
  /** (60) */
  maxLength?: number;
  /** (true) */
  playBeep?: boolean;
  /** Any of these keys (1234567890*#). */
  finishOnKey?: string;
  /** Record the rest of the call in the background (false). */
  recordSession?: boolean;
  /** (false) */
  startOnDialAnswer?: boolean;
  transcriptionType?: 'auto' | 'hybrid';
  transcriptionUrl?: string;
  transcriptionMethod?: Method;
  /** Called after the end, possibly after the hang-up. */
  callbackUrl?: string;
  callbackMethod?: Method;
}

export interface RedirectAttributes {
  method?: Method;
}

export interface HangupAttributes {
  /** Refuses a call that was not answered yet, unbilled. */
  reason?: 'rejected' | 'busy';
  /** Hang up this much later; elements must follow. */
  schedule?: number;
}

export interface DtmfAttributes {
  /** (true) */
  async?: boolean;
}

export interface ConferenceAttributes {
  /** (false): a lone member is put out at once. */
  stayAlone?: boolean;
  /** (true) */
  startConferenceOnEnter?: boolean;
  /** (false) */
  endConferenceOnExit?: boolean;
  muted?: boolean;
  enterSound?: string;
  exitSound?: string;
  relayDTMF?: boolean;
  digitsMatch?: readonly string[];
  hangupOnStar?: boolean;
  /** (14400) */
  timeLimit?: number;
  /** URL of a document of Speak and Wait. */
  waitSound?: string;
  waitMethod?: Method;
  callbackUrl?: string;
  callbackMethod?: Method;
  /** Observed without effect: the account's own limit wins. */
  maxParticipants?: number;
  /** Observed without effect. */
  beep?: boolean;
  /** Observed to leave no file. */
  record?: boolean;
  /** Observed unreliable. */
  action?: string;
  method?: Method;
}

export interface DialAttributes {
  action?: string;
  method?: Method;
  /** (true); false: `action` is told, its document ignored. */
  redirect?: boolean;
  /** Told of each leg's events; its reply is ignored. */
  callbackUrl?: string;
  callbackMethod?: Method;
  /** A number of the account, E.164. Needed on inbound calls, where the derived one is the customer's. */
  callerId?: string;
  callerName?: string;
  /** Ringing time (120). */
  timeout?: number;
  /** Longest conversation (14400). */
  timeLimit?: number;
  hangupOnStar?: boolean;
  /** `real` ring-back, or the URL of a document of Play, Speak and Wait (real). */
  dialMusic?: string;
  /** URL of a document of Play, Speak and Wait for the one who answers. */
  confirmSound?: string;
  /** Enforcement unverified by the carrier. */
  confirmKey?: Digit;
  confirmTimeout?: number;
  digitsMatch?: readonly string[];
  digitsMatchBLeg?: readonly string[];
  sipHeaders?: Headers;
}

export interface NumberAttributes {
  sendDigits?: string;
  sendOnPreanswer?: boolean;
}

export interface UserAttributes {
  sipHeaders?: Headers;
}

export interface StreamAttributes {
  /** Audio in both directions; the track is then `inbound`. */
  bidirectional?: boolean;
  /** (inbound) */
  audioTrack?: 'inbound' | 'outbound' | 'both';
  /** (86400) */
  streamTimeout?: number;
  statusCallbackUrl?: string;
  statusCallbackMethod?: Method;
  /** Of the audio we receive (audio/x-l16;rate=8000). */
  contentType?: 'audio/x-l16;rate=8000' | 'audio/x-l16;rate=16000' | 'audio/x-mulaw;rate=8000';
  /** At most 512 bytes of letters and digits. */
  extraHeaders?: Headers;
  /** 0 to 10 (0). */
  maxRetries?: number;
  /** The next element waits until the stream ends (false); only when bidirectional. */
  keepCallAlive?: boolean;
}
