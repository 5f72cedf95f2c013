/**
 * A call told as a story: the caller speaks, the model writes, time passes. The session is played along: each piece
 * to be spoken gets audio of 15 letters a second, all at once, posted 300 ms ahead of the ear, acknowledged when it was played.
 */
import { type Assistant, assistantDefaults } from '../../lambda/voice/assistant.ts';
import type {
  Command,
  Conversation,
  ConversationEvent,
  Message,
  Stepped,
} from '../../lambda/voice/conversation.ts';
import { resume } from '../../lambda/voice/resume.ts';
import { begin, step } from '../../lambda/voice/step.ts';

export const NOON = Date.UTC(2026, 0, 5, 12);
/** From the request to the voice until its first frame. */
const VOICE_MS = 200;
const LEAD_MS = 300;

/** How long a text takes to say, ms. */
export const lengthOf = (text: string) => Math.round((text.length / 15) * 1000);

export function assistant(own: Partial<Assistant> = {}): Assistant {
  const defaults = assistantDefaults('desk', { prompt: 'Be kind.', model: 'm', tts_voice: 'v' });
  return { ...defaults, greeting: '', ...own };
}

/** How a prompt names a variable of the call. */
export const variable = (name: string) => ['$', '{', name, '}'].join('');

interface Sound {
  at: number;
  event: ConversationEvent;
}

export class Story {
  now = NOON;
  conversation: Conversation;
  readonly settings: Assistant;
  commands: Command[] = [];
  /** As of the last command to store it. */
  private stored: Conversation;
  private sounds: Sound[] = [];
  private postedUntil = 0;
  /** What the voice and the carrier do with a piece; a story may make them fail. */
  voice = (piece: string, text: string): Sound[] => this.sound(piece, lengthOf(text));

  constructor(own: Partial<Assistant> = {}, variables: Record<string, string> = {}, outcomes?: string[]) {
    this.settings = assistant(own);
    this.conversation = begin(this.settings, variables, this.now, outcomes);
    this.stored = this.conversation;
  }

  /** A call whose stream is open. */
  static open(own: Partial<Assistant> = {}, variables: Record<string, string> = {}): Story {
    return new Story(own, variables).event({ type: 'stream_opened' });
  }

  /** The same, of a call that a flow has sent, which tells these outcomes apart. */
  static inFlow(outcomes: string[], own: Partial<Assistant> = {}): Story {
    return new Story(own, {}, outcomes).event({ type: 'stream_opened' });
  }

  event(event: ConversationEvent): this {
    return this.take(step(this.conversation, event, this.settings, this.now));
  }

  /** Hands over to another session. */
  handsOver(): this {
    this.stored = this.conversation;
    return this.diesFor(0);
  }

  /** The session dies; later another goes on from what was stored, and from what the carrier has played since. */
  diesFor(ms: number, played: string[] = []): this {
    this.sounds = [];
    this.postedUntil = 0;
    const at = this.now;
    this.now += ms;
    const stored = JSON.parse(JSON.stringify(this.stored));
    return this.take(
      resume(
        stored,
        this.settings,
        this.now,
        played.map(name => ({ name, at })),
      ),
    );
  }

  /** Time passes; what is due in it happens. */
  after(ms: number): this {
    const until = this.now + ms;
    for (;;) {
      const wake = this.conversation.wake_at ?? Infinity;
      const sound = this.sounds[0];
      if (Math.min(wake, sound?.at ?? Infinity) > until) break;
      this.now = Math.max(this.now, Math.min(wake, sound?.at ?? Infinity));
      if (sound && sound.at <= wake) this.sounds.shift();
      this.event(sound && sound.at <= wake ? sound.event : { type: 'tick' });
    }
    this.now = until;
    return this;
  }

  /** The caller says something and the provider hears its end. */
  says(text: string): this {
    return this.words(text, { final: true, speech_final: true });
  }

  /** An interim transcript, unless it is said to be more. */
  words(text: string, more: { final?: boolean; speech_final?: boolean } = {}): this {
    return this.event({ type: 'transcript', text, final: false, speech_final: false, ...more });
  }

  /** The model answers the latest request, all at once. */
  replies(...sentences: string[]): this {
    for (const text of sentences) this.event({ type: 'sentence', turn: this.turn, text });
    return this.event({ type: 'reply_done', turn: this.turn });
  }

  /** The model calls a tool, and says nothing more in this request. */
  calls(name: string, given: unknown = {}, id = `call-${name}`): this {
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    this.event({ type: 'tool_call', turn: this.turn, id, name, arguments: text });
    return this.event({ type: 'reply_done', turn: this.turn });
  }

  get turn(): number {
    return this.conversation.turn;
  }

  /** What was heard of both sides, in order; `…` where the assistant was cut off. */
  get transcript(): string[] {
    return this.conversation.entries.map(entry => {
      if (entry.who === 'caller') return `caller: ${entry.text}`;
      if (entry.who === 'tool') return `tool: ${entry.name} -> ${entry.result}`;
      return `assistant: ${entry.heard}${entry.interrupted ? '…' : ''}`;
    });
  }

  /** What was commanded since this was last asked, in short, without what only stores or measures. */
  get done(): string[] {
    const done = this.commands.flatMap(short);
    this.commands = [];
    return done;
  }

  /** What the model was told in the last request, without the instructions. */
  get told(): Message[] {
    const request = this.commands.findLast(command => command.do === 'generate');
    return request?.do === 'generate' ? request.messages.slice(1) : [];
  }

  private take({ conversation, commands }: Stepped): this {
    this.conversation = conversation;
    this.commands.push(...commands);
    if (commands.some(command => command.do === 'persist')) this.stored = conversation;
    for (const command of commands) {
      if (command.do === 'speak') this.sounds.push(...this.voice(command.piece, command.text));
      if (command.do === 'abort') this.sounds = this.sounds.filter(({ event }) => event.type === 'played');
      if (command.do === 'clear') this.sounds = [];
      if (command.do === 'abort' || command.do === 'clear') this.postedUntil = 0;
    }
    this.sounds.sort((one, other) => one.at - other.at);
    return this;
  }

  /** Of this length, after what has been posted before. */
  sound(piece: string, audio_ms: number): Sound[] {
    const audible = Math.max(this.now + VOICE_MS, this.postedUntil);
    const started = Math.max(this.now + VOICE_MS, audible - LEAD_MS);
    this.postedUntil = audible + audio_ms;
    return [
      { at: started, event: { type: 'speech_begun', piece, ms: VOICE_MS } },
      { at: started, event: { type: 'speech_done', piece, audio_ms } },
      { at: started, event: { type: 'piece_started', piece } },
      { at: Math.max(started, audible + audio_ms - LEAD_MS), event: { type: 'piece_sent', piece, audio_ms } },
      { at: audible + audio_ms, event: { type: 'played', name: piece } },
    ];
  }
}

function short(command: Command): string[] {
  if (command.do === 'persist' || command.do === 'measure') return [];
  if (command.do === 'speak') return [`speak ${command.text}`];
  if (command.do === 'run_tool') return [`run ${command.name}`];
  if (command.do === 'generate') return [`generate ${command.turn}`];
  if (command.do === 'depart') return [`depart ${command.departure.to} ${command.departure.reason}`];
  return [command.do];
}
