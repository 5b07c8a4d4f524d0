import { Autocomplete, Radio } from '@mantine/core';
import { useQuery } from 'urql';
import { ImportIntegrations } from './documents';
import type { Choices } from './preview';
import classes from './Import.module.css';

/** Where entitlements go: application, integration, and what happens to what the file lacks. */
export function Target({ choices, onChoices }: { choices: Choices; onChoices: (change: Partial<Choices>) => void }) {
  const [{ data }] = useQuery({ query: ImportIntegrations });
  const all = data?.integrations ?? [];
  const applications = [...new Set(all.map((i) => i.application.name))].sort();
  const known = all.find((i) => i.name === choices.integration.trim());
  const setIntegration = (integration: string) => {
    const found = all.find((i) => i.name === integration);
    onChoices(found ? { integration, application: found.application.name } : { integration });
  };
  return (
    <section className={classes.panel} aria-labelledby="import-target">
      <h2 className={classes.heading} id="import-target">Where it belongs</h2>
      <div className={classes.fields}>
        <Autocomplete label="Integration" description="One instance of the application, such as “GitHub production”" required data={[...new Set(all.map((i) => i.name))]}
          value={choices.integration} onChange={setIntegration} maxLength={200} />
        <Autocomplete label="Application" description="The product" required data={applications} value={choices.application} disabled={known !== undefined}
          onChange={(application) => onChoices({ application })} maxLength={200} />
      </div>
      <Radio.Group value={choices.mode} onChange={(v) => onChoices({ mode: v })} label="What the file lacks">
        <div className={classes.modes}>
          <Radio value="snapshot" label="Is removed: the file is the whole integration" />
          <Radio value="merge" label="Stays: the file is only a part" />
        </div>
      </Radio.Group>
      <p className="ag-soft" role="status">
        {known ? `“${known.name}” exists; the import changes it.` : choices.integration.trim() && data ? `“${choices.integration.trim()}” is new; the import makes it.` : ''}
      </p>
    </section>
  );
}
