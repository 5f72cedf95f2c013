import * as z from 'zod/mini';
import { action } from '../action.ts';
import { fail, on } from '../moment.ts';
import { WEB_URL, webUrl } from '../options.ts';
import { sound } from '../sound.ts';

export const play = action({
  type: 'play',
  does: 'Plays MP3 or WAV files in order. The carrier passes over a file that it cannot fetch or does not understand.',
  needs: 'call',
  onFailure: 'go_on',
  option: z.strictObject({ stream_urls: z.array(webUrl).check(z.minLength(1), z.maxLength(20)) }),
  begin(moment, { stream_urls }) {
    if (!stream_urls.every(url => WEB_URL.test(url))) return fail('a URL does not start with https://');
    for (const url of stream_urls) sound(moment, { verb: 'play', url });
    return on();
  },
});
