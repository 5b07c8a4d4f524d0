export * from './EmployeePicker';
