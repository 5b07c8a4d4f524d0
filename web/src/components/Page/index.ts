export * from './Page';
export * from './PageTabs';
