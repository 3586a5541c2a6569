"""Records of single victims in the columns of HTCDS, CTDC and IC-TIP. The Council's policy must allow their export."""
