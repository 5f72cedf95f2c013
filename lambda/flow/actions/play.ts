import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on } from '../moment.ts';
import { webUrl } from '../options.ts';
import { sound } from '../sound.ts';

export const play = action({
  type: 'play',
  does: 'Plays MP3 or WAV files in order. The carrier passes over a file that it cannot fetch or does not understand.',
  needs: 'call',
  onFailure: 'go_on',
  option: z.strictObject({ stream_urls: z.array(webUrl).check(z.minLength(1), z.maxLength(20)) }),
  begin(moment, { stream_urls }) {
    for (const url of stream_urls) sound(moment, { verb: 'play', url });
    return on();
  },
});
