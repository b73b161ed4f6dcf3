/** The local cloud in a process of its own. Sends its address, and its memory whenever it is asked for it. */
import { serve } from '../../../local/serve.ts';
import { loadStage } from '../stage.ts';

const serving = await serve({ port: 0, config: loadStage });
process.send?.(serving.url);
process.on('message', () => process.send?.(process.memoryUsage()));
process.once('disconnect', async () => {
  await serving.stop();
  process.exit();
});
