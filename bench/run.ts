/** `npm run bench`: the budgets of the design, measured on this machine, printed as ratios. */
import { benchBundles } from './bundles.ts';
import { benchCodec } from './codec.ts';
import { benchConversations } from './conversations.ts';
import { benchDispatch } from './dispatch.ts';
import { benchFlows } from './flows.ts';
import { benchFrames } from './frames.ts';
import { benchPolling } from './polling.ts';
import { benchWebhooks } from './webhooks.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

await benchBundles();
await benchWebhooks();
await benchFlows();
benchCodec();
await benchFrames();
benchPolling(await benchDispatch());
await benchConversations();
process.exit(0);
