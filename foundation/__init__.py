"""The ground floor: no models; each module holds one idea that every app may use."""
