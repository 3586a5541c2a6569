"""Events of police and courts, a module for each stage; events are imported from the module of their stage."""
