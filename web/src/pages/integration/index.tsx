export { IntegrationPage as Component } from './IntegrationPage';
