"""The app villages: 三务公开, what a village lays open to its villagers."""
