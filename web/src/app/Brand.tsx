import classes from './Brand.module.css';

/** The mark and the name. */
export function Brand() {
  return (
    <span className={classes.brand}>
      <img src="/icon.svg" alt="" width={24} height={24} />
      accessgraph
    </span>
  );
}
