"""How each renderer draws and proves: one folder a renderer; what two of them share bears the name of the thing."""
