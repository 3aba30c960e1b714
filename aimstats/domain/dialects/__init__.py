"""The formats that several programs write and read: their words for meters, plans and types, shared by spiders and exports."""
