/**
 * The wiring of what comes with the list of models: which one is asked, the choice of one, a door for each task. Loaded when
 * a model is named, or when there is nothing else to do.
 */

import { createModels } from './app/models.js';

/**
 * @param {{
 *   tasks: readonly import('./tasks/contract.js').AnyTask[],
 *   engines: ReturnType<typeof import('./engines/choose.js').createEngineChoice>,
 *   choices: Pick<ReturnType<typeof import('./app/choices.js').createChoices>, 'page'>,
 *   viewer: import('./app/viewer.js').Viewer,
 *   controller: ReturnType<typeof import('./app/controller.js').createController>,
 *   intake: ReturnType<typeof import('./app/intake.js').createIntake>,
 *   examples: readonly import('./sources/examples.js').Example[],
 * }} parts
 */
export function wireModels({ tasks, engines, choices, viewer, controller, intake, examples }) {
  /** @type {Promise<ReturnType<typeof import('./view/models.js').createModelViews>> | undefined} */
  let views;
  const loadViews = async () => {
    const { createModelViews, speakWords } = await import('./view/models.js');
    await speakWords();
    return createModelViews(parts);
  };
  const parts = {
    examples,
    onModel: (/** @type {string} */ name) => choose(models.naming(name)),
    /** @param {string} task @param {import('./sources/examples.js').Example | null} example */
    onDoor(task, example) {
      choose({ task, model: '' });
      if (example) intake.startExample(example);
    },
  };
  const models = createModels({
    engine: engines.current,
    tasks,
    named: choices.page,
    show(offer) {
      if (offer.models.length > 0) views ??= loadViews();
      views?.then((it) => it.show(offer)).catch(() => (views = undefined)); // the first model still answers
    },
  });

  /** Another model, or the first of a task. @param {import('./app/models.js').Named} named */
  function choose(named) {
    viewer.nameModel(named);
    models.refresh();
    void controller.askAgain();
  }

  return {
    ...models,
    further: async () => (await import('./app/further.js')).createFurther({ engines, viewer, models }),
  };
}
