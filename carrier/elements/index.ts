/** Every element that this carrier can play. A new one is a file beside this and a line here. */
import { conference } from './conference.ts';
import { dial } from './dial.ts';
import type { Play } from './element.ts';
import { dtmf, hangup, redirect } from './flow.ts';
import { gather } from './gather.ts';
import { record } from './record.ts';
import { play, preAnswer, speak, wait } from './sounds.ts';
import { stream } from './stream.ts';

export const ELEMENTS: Record<string, Play> = {
  Conference: conference,
  Dial: dial,
  DTMF: dtmf,
  Gather: gather,
  Hangup: hangup,
  Play: play,
  PreAnswer: preAnswer,
  Record: record,
  Redirect: redirect,
  Speak: speak,
  Stream: stream,
  Wait: wait,
};
