export { EmployeesPage as Component } from './EmployeesPage';
